using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Worker;

namespace Proofsheet.Api.Imaging;

internal static class ImagingRegistration
{
    /// <summary>Registers <see cref="IImageProcessor"/> and <see cref="WatermarkRenderer"/>; options are read from section "Imaging" and checked at start.</summary>
    public static IServiceCollection AddImaging(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Imaging");
        services.AddOptions<ImagingOptions>().Bind(section).ValidateDataAnnotations()
            .Validate(o => string.IsNullOrEmpty(o.LibVipsPath) || File.Exists(o.LibVipsPath), "Imaging:LibVipsPath names a file that does not exist.")
            .ValidateOnStart();
        var options = section.Get<ImagingOptions>() ?? new ImagingOptions();
        if (!string.IsNullOrEmpty(options.LibVipsPath))
        {
            VipsLibrary.ConfiguredPath = options.LibVipsPath;
        }

        if (options.Isolation == ImageIsolation.InProcess)
        {
            services.AddSingleton<IImageProcessor, InProcessImageProcessor>();
        }
        else
        {
            services.AddSingleton<IImageProcessor, WorkerImageProcessor>();
        }

        return services.AddSingleton<WatermarkRenderer>();
    }
}
