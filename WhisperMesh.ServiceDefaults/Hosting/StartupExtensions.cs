using Microsoft.Extensions.DependencyInjection;

namespace WhisperMesh.ServiceDefaults.Hosting;

/// <summary>What is there before a service listens.</summary>
internal static class StartupExtensions
{
    /// <summary>Makes a singleton at the start: measures that it has are then told before the first of them is taken.</summary>
    public static IServiceCollection MakeAtStart<T>(this IServiceCollection services)
        where T : class =>
        services.AddSingleton<IStartupTask>(provider => new Made(provider.GetRequiredService<T>));

    // Not before its turn: it may need what an earlier task makes ready.
    private sealed class Made(Func<object> make) : IStartupTask
    {
        public Task RunAsync(CancellationToken cancellationToken)
        {
            make();
            return Task.CompletedTask;
        }
    }
}
