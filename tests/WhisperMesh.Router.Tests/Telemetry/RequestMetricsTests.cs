using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Telemetry;

/// <summary>What a router measures of its requests.</summary>
public sealed class RequestMetricsTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = [];
    private FakeWorker _worker = null!;
    private RouterHost _router = null!;
    private MeterListener _listener = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(_worker.Lease, _worker.SynthesisLease);
        var meters = _router.Services.GetRequiredService<IMeterFactory>();
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                // Other tests have routers of their own.
                if (instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _router.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task Transcribe_Served_CountsAudioSegmentsAndTime()
    {
        _worker.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.ReadAllAsync();
            var segment = Events.Segment(0, 0, 1.5, "Hello.");
            segment.Segment.Verdict = SegmentVerdict.LowConfidence;
            await call.Responses.WriteAsync(segment, Token);
            await call.SummaryAsync();
        };
        using var response = await _router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded();
        await ApiTest.BodyAsync(response);

        await Bounds.UntilAsync(() => Of("whispermesh.router.request.duration").Count > 0);
        Of("whispermesh.router.request.duration").ShouldBe(["whispermesh.operation=transcribe whispermesh.outcome=served"]);
        Of("whispermesh.router.attempts").ShouldBe(["whispermesh.operation=transcribe whispermesh.outcome=served"]);
        Of("whispermesh.router.verdicts").ShouldBe(["whispermesh.verdict=low_confidence"]);
        Of("whispermesh.router.audio.in").ShouldBe(["whispermesh.operation=transcribe"]);
        Of("whispermesh.router.request.errors").ShouldBeEmpty();
        Sum("whispermesh.router.request.active").ShouldBe(0);
    }

    [Fact]
    public async Task Transcribe_UnknownModel_CountsTheReason()
    {
        using var response = await _router.Http.PostAsync("/v1/audio/translations", Forms.Of(("model", "no-such-model")), Token).Bounded();
        response.IsSuccessStatusCode.ShouldBeFalse();
        await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(new TranscriptionConfig { Model = "no-such-model" }, Forms.Wav));

        await Bounds.UntilAsync(() => Of("whispermesh.router.request.errors").Count > 0);
        Of("whispermesh.router.request.errors").ShouldContain("error.type=MODEL_NOT_FOUND whispermesh.operation=transcribe");
    }

    [Fact]
    public async Task Speak_Served_CountsItsFirstAudio()
    {
        using var response = await _router.Http.PostAsJsonAsync("/v1/audio/speech", new { input = "Hello." }, Token).Bounded();
        await ApiTest.BodyAsync(response);

        await Bounds.UntilAsync(() => Of("whispermesh.router.request.duration").Count > 0);
        Of("whispermesh.router.first_audio").ShouldBe([""]);
        Of("whispermesh.router.request.duration").ShouldBe(["whispermesh.operation=synthesize whispermesh.outcome=served"]);
        Of("whispermesh.router.budget.requests").ShouldBe([""]);
    }

    [Fact]
    public void Workers_Observed_AreCountedByState()
    {
        _listener.RecordObservableInstruments();

        Of("whispermesh.router.workers").ShouldBe(["whispermesh.state=available", "whispermesh.state=ejected", "whispermesh.state=paused"]);
        _measured.Where(one => one.Name == "whispermesh.router.workers").Sum(one => one.Value).ShouldBe(_router.Services.GetRequiredService<WorkerPool>().Standings().Count);
    }

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct, IConvertible
    {
        var all = tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
        _measured.Enqueue((instrument.Name, value.ToDouble(null), string.Join(' ', all)));
    }

    private List<string> Of(string name) => [.. _measured.Where(one => one.Name == name).Select(one => one.Tags).Order(StringComparer.Ordinal)];

    private double Sum(string name) => _measured.Where(one => one.Name == name).Sum(one => one.Value);
}
