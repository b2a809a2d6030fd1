using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.TestApp;

internal static class TestService
{
    public static async Task RunAsync(string[] args)
    {
        if (args.Contains("--fail"))
        {
            Console.Error.WriteLine("told to fail");
            Environment.ExitCode = 3;
            return;
        }

        var deaf = args.Contains("--ignore-terminate");
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = deaf);
        if (args.Contains("--spawn"))
        {
            // Stands for an ffmpeg that a worker runs.
            using var child = Process.Start("sleep", "600");
            Console.WriteLine($"spawned {child.Id}");
        }

        var builder = WebApplication.CreateBuilder(args);
        if (deaf)
        {
            builder.Services.AddSingleton<IHostLifetime, DeafLifetime>();
        }

        var app = builder.Build();
        app.MapGet("/health", () => "Healthy");
        app.MapGet("/args", () => args);
        app.MapGet("/process", () => Environment.ProcessId);
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
        app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));
        await app.RunAsync();
    }

    /// <summary>Takes the place of the lifetime that stops the host on SIGTERM.</summary>
    private sealed class DeafLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
