/* The peer of the derivative set: the same pictures by the same library, called from C. One decode, shrunk on load, held in memory once.
 * derivatives MODE FOLDER PHOTO...   MODE: webp4, webp2 or avif0, the 1200-pixel picture's format.
 * Prints CPU seconds a photo, a first pass left out, and the peak of resident memory in KB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <vips/vips.h>

#define PASSES 3
#define MUST(call) if (call) vips_error_exit(NULL)

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Takes the reference that it is given. */
static VipsImage *held(VipsImage *image)
{
    VipsImage *memory = vips_image_copy_memory(image);
    if (!memory) vips_error_exit(NULL);
    g_object_unref(image);
    return memory;
}

static VipsImage *fit(VipsImage *image, int longest)
{
    double scale = (double) longest / VIPS_MAX(image->Xsize, image->Ysize);
    VipsImage *sized;
    MUST(vips_resize(image, &sized, scale, NULL));
    return sized;
}

/* The letters over their shadow, made once: how much they cover, and with what. */
static VipsImage *mask, *ground;

static void make_stamp(void)
{
    VipsImage *text, *letters, *soft, *dense, *shadow;
    double density = 1.9, zero = 0;
    MUST(vips_text(&text, "© Anna Fischer", "font", "sans-serif Bold 68", "dpi", 72, NULL));
    MUST(vips_embed(text, &letters, 9, 9, text->Xsize + 18, text->Ysize + 18, NULL));
    letters = held(letters);
    MUST(vips_gaussblur(letters, &soft, 3, NULL));
    MUST(vips_linear(soft, &dense, &density, &zero, 1, "uchar", TRUE, NULL));
    shadow = held(dense);
    int pixels = letters->Xsize * letters->Ysize;
    unsigned char *above = VIPS_IMAGE_ADDR(letters, 0, 0), *below = VIPS_IMAGE_ADDR(shadow, 0, 0);
    unsigned char *covered = g_malloc(pixels), *colours = g_malloc(3 * pixels);
    for (int i = 0; i < pixels; i++) {
        double letter = above[i] / 255.0 * 0.5, behind = below[i] / 255.0 * 0.275 * (1 - letter);
        covered[i] = 255 * (letter + behind);
        memset(colours + 3 * i, letter + behind > 0 ? 255 * letter / (letter + behind) : 0, 3);
    }
    mask = vips_image_new_from_memory_copy(covered, pixels, letters->Xsize, letters->Ysize, 1, VIPS_FORMAT_UCHAR);
    ground = vips_image_new_from_memory_copy(colours, 3 * pixels, letters->Xsize, letters->Ysize, 3, VIPS_FORMAT_UCHAR);
    g_free(covered);
    g_free(colours);
    g_object_unref(text);
    g_object_unref(letters);
    g_object_unref(soft);
    g_object_unref(shadow);
}

static VipsImage *watermark(VipsImage *picture)
{
    int edge = VIPS_MIN(picture->Xsize, picture->Ysize) * 0.025;
    int x = picture->Xsize - mask->Xsize - edge, y = picture->Ysize - mask->Ysize - edge;
    VipsImage *part, *blended, *whole;
    MUST(vips_extract_area(picture, &part, x, y, mask->Xsize, mask->Ysize, NULL));
    MUST(vips_ifthenelse(mask, ground, part, &blended, "blend", TRUE, NULL));
    MUST(vips_insert(picture, blended, &whole, x, y, NULL));
    g_object_unref(part);
    g_object_unref(blended);
    return held(whole);
}

static void save(VipsImage *image, const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    MUST(vips_image_write_to_file(image, path, NULL));
}

static void derive(const char *photo, const char *folder, const char *mode)
{
    VipsImage *header, *opened;
    MUST(vips_jpegload(photo, &header, NULL));
    int shrink = 1;
    while (shrink < 8 && VIPS_MAX(header->Xsize, header->Ysize) / 2048.0 / (shrink * 2) >= 1.4) shrink *= 2;
    g_object_unref(header);
    MUST(vips_jpegload(photo, &opened, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL));
    VipsImage *large = held(fit(opened, 2048));
    g_object_unref(opened);
    VipsImage *preview = held(fit(large, 1200));
    VipsImage *thumbnail = held(fit(preview, 300));
    VipsImage *marked = watermark(large);
    save(thumbnail, folder, "300.jpg[Q=80,optimize-coding,keep=none]");
    save(marked, folder, "2048.jpg[Q=80,optimize-coding,keep=none]");
    save(preview, folder, !strcmp(mode, "avif0") ? "1200.avif[Q=55,effort=0,keep=none]"
        : !strcmp(mode, "webp2") ? "1200.webp[Q=80,effort=2,keep=none]" : "1200.webp[Q=80,effort=4,keep=none]");
    g_object_unref(large);
    g_object_unref(preview);
    g_object_unref(thumbnail);
    g_object_unref(marked);
}

/* Of this program alone: getrusage would include the peak of the process that started it. */
static long peak_kilobytes(void)
{
    char line[256];
    long kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %ld", &kilobytes);
    if (status) fclose(status);
    return kilobytes;
}

int main(int count, char **arguments)
{
    if (count < 4 || VIPS_INIT(arguments[0])) return 2;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    make_stamp();
    double before = 0;
    for (int pass = 0; pass <= PASSES; pass++) {
        if (pass == 1) before = cpu_seconds();
        for (int i = 3; i < count; i++) derive(arguments[i], arguments[2], arguments[1]);
    }
    printf("%.6f %ld\n", (cpu_seconds() - before) / (PASSES * (count - 3)), peak_kilobytes());
    return 0;
}
