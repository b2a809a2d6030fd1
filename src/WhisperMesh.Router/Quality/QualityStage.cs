using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Quality;

/// <summary>Judges a result by the route's settings: a doubtful one is flagged, loses its doubtful segments, or is made again.</summary>
internal sealed class QualityStage(ITranscriptionStage next, QualityRetry retry, TimeProvider time, RequestMetrics? metrics = null)
    : ITranscriptionStage
{
    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        switch (job.Plan.Quality)
        {
            case null:
                await next.RunAsync(job, sink, cancellationToken);
                break;
            case { Action: QualityActions.Flag } settings:
                await next.RunAsync(job, new FlaggedTranscript(sink, settings), cancellationToken);
                break;
            case var settings:
                await JudgeAsync(job, settings, sink, cancellationToken);
                break;
        }
    }

    private async Task JudgeAsync(
        TranscriptionJob job, QualitySettings settings, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        var held = new HeldTranscript(sink, announce: true);
        await next.RunAsync(job, held, cancellationToken);
        var first = new JudgedResult(held, ResultQuality.Of(held.Segments, settings));
        if (!first.Quality.IsDoubtful)
        {
            await first.SendAsync(sink, cancellationToken);
        }
        else if (settings.Action == QualityActions.Drop)
        {
            await first.WithoutDoubtful(settings).SendAsync(sink, cancellationToken);
        }
        else
        {
            var kept = await RetryAsync(new DoubtfulJob(job, settings, first, time.GetElapsedTime(begin)), sink, cancellationToken);
            if (kept != first && kept.Started is { } started)
            {
                // As long as nothing is sent, the headers of a reply can still name the worker whose result it is.
                await sink.AcceptAsync(new StreamTranscribeResponse { Started = started }, cancellationToken);
            }

            await kept.SendAsync(sink, cancellationToken);
        }
    }

    // What the second try does stands under this span.
    private async Task<JudgedResult> RetryAsync(
        DoubtfulJob doubtful, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        using var quality = RouterSpans.Start(TelemetryNames.Spans.Quality);
        quality?.SetTag(TelemetryNames.Attributes.Verdict, string.Join(',', doubtful.First.Quality.Doubts));
        var kept = await retry.RunAsync(next, doubtful, sink, cancellationToken);
        var outcome = kept == doubtful.First ? "kept" : "replaced";
        quality?.SetTag(TelemetryNames.Attributes.Outcome, outcome);
        metrics?.OnQualityRetry(outcome);
        return kept;
    }
}
