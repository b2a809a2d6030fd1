using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Hosting;

/// <summary>Registers options.</summary>
public static class OptionsExtensions
{
    /// <summary>Binds options to a section and validates them at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="sectionName">Configuration section.</param>
    /// <param name="defaults">Sets defaults, before the configuration is read.</param>
    public static OptionsBuilder<TOptions> AddValidatedOptions<
        TOptions,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TValidator>(
        this IServiceCollection services, string sectionName, Action<TOptions>? defaults = null)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        if (defaults is not null)
        {
            services.Configure(defaults);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        return services.AddOptionsWithValidateOnStart<TOptions>().BindConfiguration(sectionName);
    }
}
