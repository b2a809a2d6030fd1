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

        using var deaf = args.Contains("--ignore-terminate")
            ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true)
            : null;
        if (args.Contains("--spawn"))
        {
            // Stands for an ffmpeg that a worker runs.
            using var child = Process.Start("sleep", "600");
            Console.WriteLine($"spawned {child.Id}");
        }

        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        app.MapGet("/health", () => "Healthy");
        app.MapGet("/args", () => args);
        app.MapGet("/process", () => Environment.ProcessId);
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
        app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));
        await app.RunAsync();
    }
}
