using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>The one command that a newcomer types.</summary>
public sealed class AppHostTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task AppHost_ExitAfterSelfTest_SaysASentenceHearsItAndEndsWith0()
    {
        await using var host = ServiceProcess.Start(
            "apphost",
            Repository.Program("WhisperMesh.AppHost"),
            // Without keys the browser's tests start it.
            new Dictionary<string, string>
            {
                ["Router__Keys__Required"] = "true",
                ["Router__Keys__BootstrapAdminKey"] = "an-admin-key-of-more-than-32-characters",
            },
            "--exit-after-self-test", "--router-replicas", "2", "--http-port", "0", "--grpc-port", "0", "--dashboard-port", "0", "--otlp-port", "0", "--otlp-http-port", "0");

        var exitCode = await host.WaitForExitAsync(Bound);

        output.WriteLine(host.Log);
        exitCode.ShouldBe(0, host.Log);
        host.Log.ShouldContain("router-2 is healthy");
        host.Log.ShouldContain("curl -H \"Authorization: Bearer YOUR_KEY\" -F model=whisper-1");
    }
}
