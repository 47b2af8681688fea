/* The peer of the derivative set: the same pictures by the same library, called from C. One decode, shrunk on load, held in memory once.
 * derivatives MODE FOLDER PHOTO...   MODE: webp4, webp2 or avif0, the 1200-pixel picture's format.
 * Prints CPU seconds a photo, the first left out, and the peak of resident memory in KB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <vips/vips.h>

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

static VipsImage *blend(VipsImage *picture, VipsImage *mask, double red_green_blue, double opacity)
{
    int edge = VIPS_MIN(picture->Xsize, picture->Ysize) * 0.025;
    VipsImage *placed, *faded, *dot, *colour, *fill, *blended;
    double background[] = { red_green_blue, red_green_blue, red_green_blue }, zero[] = { 0 };
    MUST(vips_embed(mask, &placed, picture->Xsize - mask->Xsize - edge, picture->Ysize - mask->Ysize - edge, picture->Xsize, picture->Ysize, NULL));
    MUST(vips_linear(placed, &faded, &opacity, zero, 1, "uchar", TRUE, NULL));
    MUST(vips_black(&dot, 1, 1, "bands", 3, NULL));
    double one[] = { 1, 1, 1 };
    MUST(vips_linear(dot, &colour, one, background, 3, "uchar", TRUE, NULL));
    MUST(vips_embed(colour, &fill, 0, 0, picture->Xsize, picture->Ysize, "extend", VIPS_EXTEND_COPY, NULL));
    MUST(vips_ifthenelse(faded, fill, picture, &blended, "blend", TRUE, NULL));
    g_object_unref(placed);
    g_object_unref(faded);
    g_object_unref(dot);
    g_object_unref(colour);
    g_object_unref(fill);
    return held(blended);
}

static VipsImage *watermark(VipsImage *picture)
{
    VipsImage *text, *mask, *soft, *dense;
    double density = 1.9, zero = 0;
    MUST(vips_text(&text, "© Anna Fischer", "font", "sans-serif Bold 68", "dpi", 72, NULL));
    MUST(vips_embed(text, &mask, 9, 9, text->Xsize + 18, text->Ysize + 18, NULL));
    g_object_unref(text);
    mask = held(mask);
    MUST(vips_gaussblur(mask, &soft, 3, NULL));
    MUST(vips_linear(soft, &dense, &density, &zero, 1, "uchar", TRUE, NULL));
    g_object_unref(soft);
    dense = held(dense);
    VipsImage *shadowed = blend(picture, dense, 0, 0.275);
    VipsImage *marked = blend(shadowed, mask, 255, 0.5);
    g_object_unref(dense);
    g_object_unref(mask);
    g_object_unref(shadowed);
    return marked;
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

/* Of this program alone: getrusage would tell the peak of whoever started it, too. */
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
    if (count < 5 || VIPS_INIT(arguments[0])) return 2;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    derive(arguments[3], arguments[2], arguments[1]);
    double before = cpu_seconds();
    for (int i = 4; i < count; i++) derive(arguments[i], arguments[2], arguments[1]);
    printf("%.6f %ld\n", (cpu_seconds() - before) / (count - 4), peak_kilobytes());
    return 0;
}
