using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Hosting;

/// <summary>Runs a service.</summary>
public static class MeshHost
{
    /// <summary>
    /// Starts the service and runs it until it is told to stop. What an operator can set right (options, files, a port in
    /// use) goes to standard error, one line each, without a stack trace.
    /// </summary>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(WebApplication app)
    {
        await using (app)
        {
            try
            {
                await StartAsync(app, CancellationToken.None);
            }
            catch (Exception exception) when (ErrorsOf(exception) is { Count: > 0 } errors)
            {
                foreach (var error in errors)
                {
                    await Console.Error.WriteLineAsync(error);
                }

                return 1;
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
    }

    /// <summary>Validates all options, runs the startup tasks and starts the service.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        // The host validates too, but only after it has made its hosted services, of which the first with bad options throws.
        Validate(app.Services);
        foreach (var task in app.Services.GetServices<IStartupTask>())
        {
            await task.RunAsync(cancellationToken);
        }

        await app.StartAsync(cancellationToken);
    }

    private static void Validate(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
        }
        catch (InvalidOperationException exception)
        {
            // A value that the binder can't convert; its message names the key.
            throw new StartupException(exception.Message);
        }
    }

    internal static IReadOnlyList<string> ErrorsOf(Exception exception) => exception switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException aggregate when aggregate.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            [.. aggregate.InnerExceptions.SelectMany(ErrorsOf)],
        StartupException startup => startup.Errors,
        IOException { InnerException: AddressInUseException } io => [io.Message],
        _ => [],
    };
}
