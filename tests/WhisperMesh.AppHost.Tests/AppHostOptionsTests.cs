namespace WhisperMesh.AppHost.Tests;

public sealed class AppHostOptionsTests
{
    [Fact]
    public void TryParse_Nothing_GivesTheDefaults()
    {
        AppHostOptions.TryParse([], out var options, out _).ShouldBeTrue();

        options.TranscriptionReplicas.ShouldBe(1);
        options.RouterReplicas.ShouldBe(1);
        options.ExitAfterSelfTest.ShouldBeFalse();
        options.HttpPort.ShouldBe(5080);
        options.GrpcPort.ShouldBe(5081);
        options.HostArguments.ShouldBeEmpty();
    }

    [Fact]
    public void TryParse_AllOptions_AreRead()
    {
        AppHostOptions.TryParse(
            [
                "--exit-after-self-test", "--transcription-replicas", "2", "--router-replicas", "3",
                "--http-port", "0", "--grpc-port=6000", "--dashboard-port", "7000", "--otlp-port", "0",
            ],
            out var options,
            out _).ShouldBeTrue();

        options.TranscriptionReplicas.ShouldBe(2);
        options.RouterReplicas.ShouldBe(3);
        options.ExitAfterSelfTest.ShouldBeTrue();
        options.HttpPort.ShouldBeNull();
        options.GrpcPort.ShouldBe(6000);
        options.HostArguments.ShouldBe(
            ["--ASPNETCORE_URLS=http://127.0.0.1:7000", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:0"]);
    }

    [Theory]
    [InlineData("--transcription-replicas", "0")]
    [InlineData("--transcription-replicas", "two")]
    [InlineData("--router-replicas", "0")]
    [InlineData("--transcription-replica", "2")]
    [InlineData("--http-port", "65536")]
    [InlineData("--dashboard-port", "-1")]
    public void TryParse_WrongOption_EndsWithAnError(string option, string value)
    {
        AppHostOptions.TryParse([option, value], out _, out var exitCode).ShouldBeFalse();

        exitCode.ShouldBe(1);
    }

    [Fact]
    public void TryParse_Help_EndsWithoutAnError()
    {
        AppHostOptions.TryParse(["--help"], out _, out var exitCode).ShouldBeFalse();

        exitCode.ShouldBe(0);
    }
}
