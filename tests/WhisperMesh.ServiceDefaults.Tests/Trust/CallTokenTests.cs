using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.ServiceDefaults.Trust;

namespace WhisperMesh.ServiceDefaults.Tests.Trust;

public sealed class CallTokenTests
{
    private const string Method = "/whispermesh.speech.v1.TranscriptionService/StreamTranscribe";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void IsValid_OwnToken_UntilAMinuteHasPassed()
    {
        var tokens = Create(Secrets.One);
        var token = tokens.Create("w1", Method);

        tokens.IsValid(token, "w1", Method).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(60));
        tokens.IsValid(token, "w1", Method).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        tokens.IsValid(token, "w1", Method).ShouldBeFalse();
    }

    [Fact]
    public void IsValid_ElsewhereThanMeant_IsNot()
    {
        var tokens = Create(Secrets.One);
        var token = tokens.Create("w1", Method);

        tokens.IsValid(token, "w2", Method).ShouldBeFalse();
        tokens.IsValid(token, "w1", "/whispermesh.workers.v1.WorkerService/GetLoad").ShouldBeFalse();
        Create(Secrets.Other).IsValid(token, "w1", Method).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("v1.1.")]
    [InlineData("v1.99999999999999999999.AAAA")]
    [InlineData("v1.-9223372036854775808.AAAA")]
    [InlineData("v2.1.AAAA")]
    [InlineData("v1.1.AAAA.AAAA")]
    public void IsValid_NoToken_IsNot(string? token) => Create(Secrets.One).IsValid(token, "w1", Method).ShouldBeFalse();

    [Fact]
    public void IsValid_TimeChangedInToken_IsNot()
    {
        var tokens = Create(Secrets.One);
        var parts = tokens.Create("w1", Method).Split('.');
        _time.Advance(TimeSpan.FromHours(1));

        tokens.IsValid($"v1.{_time.GetUtcNow().ToUnixTimeSeconds()}.{parts[2]}", "w1", Method).ShouldBeFalse();
    }

    private CallToken Create(string secret) =>
        new(new MeshSecret(Options.Create(new MeshOptions { Secret = secret })), new MeshClock(_time));
}

internal static class Secrets
{
    public const string One = "0123456789abcdef0123456789abcdef";
    public const string Other = "fedcba9876543210fedcba9876543210";
}
