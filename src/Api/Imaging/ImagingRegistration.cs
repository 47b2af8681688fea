using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Imaging.Worker;

namespace Proofsheet.Api.Imaging;

internal static class ImagingRegistration
{
    /// <summary>Registers <see cref="IImageProcessor"/> and <see cref="WatermarkRenderer"/>; options are read from section "Imaging" and checked at startup.</summary>
    public static IServiceCollection AddImaging(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Imaging");
        services.AddOptions<ImagingOptions>().Bind(section).ValidateDataAnnotations()
            .Validate(o => string.IsNullOrEmpty(o.LibVipsPath) || File.Exists(o.LibVipsPath), "Imaging:LibVipsPath names a file that does not exist.")
            .Validate(o => IsOffOrThere(o.LibHeifPath), "Imaging:LibHeifPath names a file that does not exist.")
            .Validate(o => IsOffOrThere(o.LibRawPath), "Imaging:LibRawPath names a file that does not exist.")
            .ValidateOnStart();
        var options = section.Get<ImagingOptions>() ?? new ImagingOptions();
        if (!string.IsNullOrEmpty(options.LibVipsPath))
        {
            VipsLibrary.ConfiguredPath = options.LibVipsPath;
        }

        // When workers decode, this process opens neither library; the workers get the paths through their environment.
        if (options.Isolation == ImageIsolation.InProcess)
        {
            HeifNative.File.ConfiguredPath = options.LibHeifPath;
            RawNative.File.ConfiguredPath = options.LibRawPath;
            services.AddSingleton<IImageProcessor, InProcessImageProcessor>();
        }
        else
        {
            services.AddSingleton<IImageProcessor, WorkerImageProcessor>();
        }

        return services.AddSingleton<WatermarkRenderer>();
    }

    private static bool IsOffOrThere(string? path) => string.IsNullOrEmpty(path) || path == OptionalLibrary.Off || File.Exists(path);
}
