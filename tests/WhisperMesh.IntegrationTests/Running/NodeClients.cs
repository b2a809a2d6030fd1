using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>Clients that others wrote, from npm, installed once beside the test's output.</summary>
internal static class NodeClients
{
    private static readonly TimeSpan InstallBound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RunBound = TimeSpan.FromMinutes(3);

    /// <summary>Runs a script of the clients folder and reads the JSON that it prints.</summary>
    internal static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        await InstallAsync();
        return JsonDocument.Parse(await RunAsync("node", [script, .. arguments], RunBound)).RootElement;
    }

    private static async Task InstallAsync()
    {
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Repository.Clients, "package-lock.json"))));
        var stamp = Path.Combine(Repository.Clients, "node_modules", ".installed");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return;
        }

        var (program, first) = OperatingSystem.IsWindows() ? ("cmd", new[] { "/c", "npm" }) : ("npm", []);
        await RunAsync(program, [.. first, "ci"], InstallBound);
        await File.WriteAllTextAsync(stamp, wanted);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, TimeSpan bound)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Clients,
        };
        using var process = Process.Start(info) ?? throw new InvalidOperationException($"These tests need Node.js: {program} did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await Task.WhenAll(output, errors).WaitAsync(bound);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
