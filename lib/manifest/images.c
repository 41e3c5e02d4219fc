/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the files that a description names. */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <manifest/nearest.h>
#include <manifest/schema.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODULE_NAME_MAX 31

/* Names that the system's own files have in every build. */
static const char *const reserved[] = {"loader",     "almond",  "sigma0",   "monitor",   "vmm",
                                       "system.dtb", "modules", "grub.cfg", SYSTEM_SHELL};

/* A bare word is an image of the catalogue; a slash or a dot make it a path. */
static bool is_catalogue_name(const char *text)
{
    return text[strspn(text,
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-")] ==
               '\0' &&
           text[0] != '-';
}

static const char *find_in_catalogue(struct arena *arena, const char *guests, const char *name,
                                     enum image_use use)
{
    static const char *const forms[][2] = {
        [IMAGE_KERNEL] = {"/vmlinux", "/bzImage"},
        [IMAGE_INITRD] = {".cpio", ".cpio.gz"},
    };

    for (unsigned i = 0; i < 2; i++) {
        const char *path = arena_format(arena, "%s/%s%s", guests, name, forms[use][i]);

        if (access(path, F_OK) == 0)
            return path;
    }
    return NULL;
}

static void suggest_image(struct system *system, const char *guests, const char *wanted,
                          enum image_use use)
{
    struct nearest nearest = nearest_to(wanted);
    DIR *dir = guests != NULL ? opendir(guests) : NULL;
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char *name = arena_copy(&system->arena, entry->d_name, strlen(entry->d_name));

        name[strcspn(name, ".")] = '\0';
        if (*name != '\0' && find_in_catalogue(&system->arena, guests, name, use) != NULL)
            nearest_try(&nearest, name);
    }
    if (strcmp(wanted, "debian-cloud") == 0 || strcmp(wanted, "busybox") == 0)
        report_remedy(&system->report, "\"make\" in Marzipan's source tree builds it");
    else if (nearest.best != NULL)
        report_remedy(&system->report, "did you mean \"%s\"? A file is written ./%s", nearest.best,
                      wanted);
    else
        report_remedy(&system->report, "write a path, as in ./%s, or the name of an image", wanted);
    if (dir != NULL)
        closedir(dir);
}

bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;

    return strcmp(a, b) == 0 || (stat(a, &one) == 0 && stat(b, &other) == 0 &&
                                 one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}

const char *path_of_value(struct system *system, const char *text)
{
    const char *slash = strrchr(system->report.path, '/');

    if (text[0] == '/' || slash == NULL)
        return text;
    return arena_format(&system->arena, "%.*s%s", (int)(slash + 1 - system->report.path),
                        system->report.path, text);
}

static bool module_name_taken(const struct system *outermost, const char *name)
{
    for (unsigned i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (strcmp(reserved[i], name) == 0)
            return true;
    }
    for (const struct image *image = outermost->images; image != NULL; image = image->next) {
        if (strcmp(image->module, name) == 0)
            return true;
    }
    return false;
}

/* A boot loader takes the name from a command line, so it must be one plain word. */
static const char *choose_module_name(struct system *outermost, const char *path,
                                      const char *ending)
{
    const char *slash = strrchr(path, '/');
    char *base =
        arena_format(&outermost->arena, "%.*s%s", MODULE_NAME_MAX - 3 - (int)strlen(ending),
                     slash != NULL ? slash + 1 : path, ending);
    const char *name = base;

    for (char *p = base; *p != '\0'; p++) {
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *p) == NULL)
            *p = '_';
    }
    for (unsigned n = 2; module_name_taken(outermost, name); n++)
        name = arena_format(&outermost->arena, "%s-%u", base, n);
    return name;
}

/* Map the file and judge it.  False, with the fault reported, if it cannot be used. */
static bool judge_file(struct system *system, struct mark at, struct image *image)
{
    struct report *report = &system->report;
    struct image_verdict verdict = {0};
    struct stat st;
    int fd = open(image->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    void *data = MAP_FAILED;

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        errno = EISDIR;
    else if (fd >= 0 && st.st_size == 0)
        verdict = (struct image_verdict){.cause = "the file is empty", .remedy = "build it again"};
    else if (fd >= 0)
        data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data != MAP_FAILED) {
        image_judge(&system->arena, image->use, data, (size_t)st.st_size, &verdict);
        munmap(data, (size_t)st.st_size);
    } else if (verdict.cause == NULL) {
        verdict.cause = strerror(errno);
        verdict.remedy = image->path[0] == '/' ? "check the path"
                                               : "check the path; it starts at the description's "
                                                 "folder";
    }
    if (fd >= 0)
        close(fd);
    image->size = data != MAP_FAILED ? (uint64_t)st.st_size : 0;
    image->end = verdict.end;
    image->linux_kernel = verdict.linux_kernel;
    if (verdict.cause == NULL)
        return true;
    report_error(report, at, "%s: %s", image->path, verdict.cause);
    report_remedy(report, "%s", verdict.remedy);
    return false;
}

/* Keep it for as long as the outermost system is there. */
static const struct image *add_image(struct system *outermost, const struct image *image)
{
    struct image **link = &outermost->images, *copy;

    while (*link != NULL)
        link = &(*link)->next;
    copy = arena_alloc(&outermost->arena, sizeof *copy);
    *copy = *image;
    *link = copy;
    return copy;
}

const struct image *add_compiled_image(struct system *system, const char *name,
                                       const struct system *inner)
{
    struct system *outermost = system_outermost(system);
    struct image image = {.use = IMAGE_SYSTEM, .system = inner};

    image.module = choose_module_name(outermost, name, ".dtb");
    return add_image(outermost, &image);
}

static const struct image *find_image(struct system *system, const char *guests,
                                      const struct value *value, enum image_use use)
{
    static const char *const uses[] = {"kernel", "initrd", "program"};
    bool catalogue = use != IMAGE_PROGRAM && is_catalogue_name(value->text);
    struct system *outermost = system_outermost(system);
    struct image image = {.use = use};

    if (catalogue && guests != NULL)
        image.path = find_in_catalogue(&outermost->arena, guests, value->text, use);
    else if (!catalogue)
        image.path = path_of_value(system, value->text);
    if (image.path == NULL) {
        report_error(&system->report, value->at, "there is no %s image called \"%s\"", uses[use],
                     value->text);
        suggest_image(system, guests, value->text, use);
        return NULL;
    }
    for (const struct image *known = outermost->images; known != NULL; known = known->next) {
        if (known->use == use && is_same_file(known->path, image.path))
            return known;
    }
    if (!judge_file(system, value->at, &image))
        return NULL;
    image.module = choose_module_name(outermost, catalogue ? value->text : image.path, "");
    return add_image(outermost, &image);
}

void find_images(struct system *system, const struct system_options *options)
{
    for (struct vm *vm = system->vms; vm != NULL; vm = vm->next) {
        if (vm->kernel.text != NULL)
            vm->kernel_image = find_image(system, options->guests, &vm->kernel, IMAGE_KERNEL);
        if (strcmp(vm->initrd.text, "none") != 0)
            vm->initrd_image = find_image(system, options->guests, &vm->initrd, IMAGE_INITRD);
    }
    for (struct program *p = system->programs; p != NULL; p = p->next) {
        if (p->image.text != NULL)
            p->program_image = find_image(system, options->guests, &p->image, IMAGE_PROGRAM);
    }
}
