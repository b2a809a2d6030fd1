using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Upstreams;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Upstreams;

/// <summary>The small parts that upstreams are made of.</summary>
public sealed class UpstreamPartsTests
{
    private static readonly UpstreamSettings Cloud = new()
    {
        Name = "cloud",
        Address = "https://api.example.com/v1",
        Tier = 3,
        Weight = 2,
        Labels = new Dictionary<string, string> { ["zone"] = "out" },
        Models = [new() { Id = "whisper-1", As = "cloud-whisper", Features = ["transcribe"], Languages = ["en"], Fields = ["channels"] }],
    };

    [Fact]
    public void Directory_Configuration_AddsUpstreamsAndFollowsIt()
    {
        var configuration = new FixedConfiguration(MeshConfiguration.Empty);
        var inner = new FakeDirectory(Leases.Transcription("z"));
        using var directory = new UpstreamDirectory(inner, configuration, new FakeTimeProvider());
        var changes = 0;
        directory.Changed += () => changes++;

        configuration.Current = new MeshConfiguration { Upstreams = [Cloud] };
        inner.Workers = [Leases.Transcription("a"), Leases.Transcription("z")];

        directory.Workers.Select(worker => worker.WorkerId).ShouldBe(["a", "upstream:cloud", "z"]);
        changes.ShouldBe(2);
        var lease = directory.Workers[1];
        (lease.Address, lease.Capabilities.Tier, lease.Capabilities.Weight).ShouldBe(("upstream:cloud", 3, 2));
        lease.Capabilities.Labels["zone"].ShouldBe("out");
        var model = lease.Capabilities.Models.ShouldHaveSingleItem();
        (model.Model.Id, model.Model.Kind, model.IsDefault).ShouldBe(("cloud-whisper", ModelKind.Transcription, false));
        model.Features.ShouldBe(["transcribe", "keywords", "channels"]);
    }

    [Theory]
    [InlineData("upstream:cloud", "http://10.0.0.1:1")]
    [InlineData("worker", "upstream:cloud")]
    [InlineData("worker", "UPSTREAM:cloud")]
    public void Directory_LeaseThatPosesAsUpstream_IsLeftOut(string id, string address)
    {
        var inner = new FakeDirectory(Leases.Transcription(id, address));

        using var directory = new UpstreamDirectory(inner, new FixedConfiguration(MeshConfiguration.Empty), new FakeTimeProvider());

        directory.Workers.ShouldBeEmpty();
    }

    [Fact]
    public void Gate_RequestsPerMinute_SaysWhenTheNextMayCome()
    {
        var time = new FakeTimeProvider();
        var gate = new UpstreamGate(time);
        var settings = Cloud with { RequestsPerMinute = 2 };

        gate.Enter(settings).Dispose();
        time.Advance(TimeSpan.FromSeconds(10));
        gate.Enter(settings).Dispose();
        time.Advance(TimeSpan.FromSeconds(5));
        var full = RpcErrorDetails.From(Should.Throw<RpcException>(() => gate.Enter(settings)));
        time.Advance(TimeSpan.FromSeconds(45));
        gate.Enter(settings).Dispose();

        (full.Reason, full.RetryAfter).ShouldBe((ErrorReasons.QueueFull, TimeSpan.FromSeconds(45)));
    }

    [Fact]
    public void Gate_Capacity_FreesWithThePlaceOnce()
    {
        var gate = new UpstreamGate(new FakeTimeProvider());
        var settings = Cloud with { Capacity = 1 };

        var place = gate.Enter(settings);
        var full = RpcErrorDetails.From(Should.Throw<RpcException>(() => gate.Enter(settings)));
        place.Dispose();
        place.Dispose();
        gate.Enter(settings);

        (full.Reason, full.RetryAfter).ShouldBe((ErrorReasons.QueueFull, TimeSpan.FromSeconds(1)));
        Should.Throw<RpcException>(() => gate.Enter(settings));
    }

    [Theory]
    [InlineData("524946460000000057415645", "audio.wav")]
    [InlineData("664C6143", "audio.flac")]
    [InlineData("4F676753", "audio.ogg")]
    [InlineData("1A45DFA3", "audio.webm")]
    [InlineData("0000001C667479704D344120", "audio.m4a")]
    [InlineData("49443304", "audio.mp3")]
    [InlineData("FFFB9064", "audio.mp3")]
    [InlineData("FFF15080", "audio.aac")]
    [InlineData("00010203", "audio")]
    [InlineData("", "audio")]
    public void Sniff_FirstBytes_GiveTheName(string hex, string name) =>
        UpstreamAudio.Sniff(Convert.FromHexString(hex)).Name.ShouldBe(name);

    [Fact]
    public void Measure_ChunksBeforeTheSamples_AreSkipped()
    {
        byte[] odd = [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0];
        var wav = UpstreamTest.Wav(2);
        byte[] file = [.. wav.AsSpan(0, 12), .. odd, .. wav.AsSpan(12)];

        WavHeader.Measure(file.AsSpan(0, 60), file.Length).Duration.ShouldBe(TimeSpan.FromSeconds(2));
        WavHeader.Measure(file.AsSpan(0, 60), 60 + 16000).Duration.ShouldNotBeNull().TotalSeconds.ShouldBe(0.5, 0.001);
        WavHeader.Measure(file.AsSpan(0, 30), file.Length).Duration.ShouldBeNull();
        WavHeader.Measure("RIFF----WAVEdata\uFFFF\uFFFF"u8, 100).Duration.ShouldBeNull();
    }
}
