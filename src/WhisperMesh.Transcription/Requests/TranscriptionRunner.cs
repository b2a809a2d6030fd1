using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Reuse;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Runs one request: upload → decoder → place → engine → response.</summary>
internal sealed class TranscriptionRunner(
    ModelRegistry models,
    WorkerIdentity identity,
    TranscriptionMetrics metrics,
    DrainPatience drain,
    HeardBefore heard,
    IOptions<TranscriptionOptions> options,
    TimeProvider timeProvider)
{
    /// <summary>Starts the engine on decoded audio, mixed or with its channels apart.</summary>
    private delegate IAsyncEnumerable<TranscriptionEvent> Transcribe<TBlock>(
        Transcriber transcriber, IAsyncEnumerable<TBlock> samples, TranscriptionRequest request, CancellationToken cancellationToken);

    private readonly AudioDecoder _decoder = new(new AudioDecoderOptions
    {
        MaxAudio = options.Value.MaxAudio,
        MaxAudioBytes = options.Value.MaxAudioBytes,
        FfmpegPath = options.Value.FfmpegPath,
    });

    public async Task RunAsync(
        TranscriptionJob job,
        WorkerTicket ticket,
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        CancellationToken cancellationToken)
    {
        TranscriptionTelemetry.Describe(Activity.Current, job);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.HandBack);
        var upload = new AudioUpload(requestStream, options.Value.MaxAudioBytes);
        var pump = upload.PumpAsync(stop.Token);
        var begin = timeProvider.GetTimestamp();
        var outcome = TranscriptionMetrics.Failed;
        try
        {
            await TranscribeAsync(job, ticket, upload.Audio, responseStream, stop.Token);
            outcome = TranscriptionMetrics.Succeeded;
        }
        catch (Exception) when (drain.HandBack.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw MeshException.Unavailable(
                ErrorReasons.Draining, "This worker is shutting down and hands the request back.", TimeSpan.FromSeconds(1));
        }
        catch (Exception) when (pump.IsFaulted)
        {
            // The upload broke and the decoder with it; the first of the two says why.
            await pump;
        }
        catch (AudioException exception)
        {
            throw EngineErrors.Map(exception);
        }
        catch (WhisperException exception)
        {
            throw EngineErrors.Map(exception);
        }
        finally
        {
            metrics.Ended(outcome, timeProvider.GetElapsedTime(begin), ticket.Audio);
            // The request stream must not be read after the handler has returned.
            await stop.CancelAsync();
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TranscribeAsync(
        TranscriptionJob job,
        WorkerTicket ticket,
        Stream audio,
        IServerStreamWriter<StreamTranscribeResponse> responseStream,
        CancellationToken cancellationToken)
    {
        var report = new AudioDecodeReport();
        if (job.SeparateChannels)
        {
            await FlowAsync(
                job, ticket, WriterTo(responseStream), report, _decoder.DecodeChannelsAsync(audio, job.AudioFormat, report, cancellationToken),
                static (transcriber, samples, request, token) => transcriber.TranscribeChannelsAsync(samples, request, token),
                cancellationToken);
            return;
        }

        var decoded = _decoder.DecodeAsync(audio, job.AudioFormat, report, cancellationToken);
        if (!heard.Serves(job))
        {
            await FlowMixedAsync(responseStream, decoded);
            return;
        }

        var begin = timeProvider.GetTimestamp();
        await using var lead = heard.Lead(decoded);
        if (await FindAsync(job, lead, cancellationToken) is { } known)
        {
            // Neither a model nor a place is needed.
            ticket.Audio = report.Duration;
            await heard.TellAsync(known, job, report, timeProvider.GetElapsedTime(begin), responseStream, cancellationToken);
            return;
        }

        var recorded = new RecordedResponses(responseStream);
        await FlowMixedAsync(recorded, lead.ReadAsync(cancellationToken));
        heard.Keep(job, lead, report, recorded);

        ResponseWriter WriterTo(IServerStreamWriter<StreamTranscribeResponse> stream) =>
            new(job, identity.Id, heard.RevisionOf(job), stream, timeProvider);

        Task FlowMixedAsync(IServerStreamWriter<StreamTranscribeResponse> stream, IAsyncEnumerable<ReadOnlyMemory<float>> samples16k) => FlowAsync(
            job, ticket, WriterTo(stream), report, samples16k,
            static (transcriber, samples, request, token) => transcriber.TranscribeAsync(samples, request, token), cancellationToken);
    }

    private async Task<HeardResult?> FindAsync(TranscriptionJob job, AudioLead lead, CancellationToken cancellationToken)
    {
        using var cache = TranscriptionTelemetry.Source.StartActivity(TelemetryNames.Spans.Cache);
        await lead.GatherAsync(cancellationToken);
        var known = heard.Find(job, lead);
        cache?.SetTag(TelemetryNames.Attributes.CacheOutcome, known is null ? "miss" : "hit");
        return known;
    }

    private async Task FlowAsync<TBlock>(
        TranscriptionJob job,
        WorkerTicket ticket,
        ResponseWriter writer,
        AudioDecodeReport report,
        IAsyncEnumerable<TBlock> decoded,
        Transcribe<TBlock> transcribe,
        CancellationToken cancellationToken)
    {
        try
        {
            var call = Activity.Current;
            using var decoding = TranscriptionTelemetry.Source.StartActivity(TelemetryNames.Spans.AudioDecoding);
            // Decoding goes on beside the rest, so the later spans are its siblings.
            Activity.Current = call;
            await using var blocks = decoded.GetAsyncEnumerator(cancellationToken);
            // The first block shows that the audio can be read; only then are model and place taken.
            var hasFirst = await blocks.MoveNextAsync();
            using var model = await models.AcquireAsync(job.Model, cancellationToken);
            using (var queue = TranscriptionTelemetry.Source.StartActivity(TelemetryNames.Spans.Queue))
            {
                writer.Queued = await ticket.WaitAsync(cancellationToken);
                queue?.SetTag(TelemetryNames.Attributes.WaitSeconds, writer.Queued.TotalSeconds);
                metrics.Queued(writer.Queued);
            }

            writer.Speller = model.Model;
            await writer.StartedAsync(cancellationToken);
            var samples = hasFirst ? ReadOnAsync(blocks, decoding, report, cancellationToken) : NoSamplesAsync<TBlock>();
            await foreach (var happening in transcribe(model.Transcriber, samples, job.Request, cancellationToken))
            {
                if (happening is Progressed progressed)
                {
                    ticket.OnWorked(progressed.Processed);
                }

                await writer.WriteAsync(happening, report, cancellationToken);
            }

            ticket.OnWorked(report.Duration);
        }
        finally
        {
            ticket.Audio = report.Duration;
        }

        metrics.Recognized(writer.SegmentCount);
        await writer.SummaryAsync(report, cancellationToken);
    }

    private static async IAsyncEnumerable<TBlock> ReadOnAsync<TBlock>(
        IAsyncEnumerator<TBlock> blocks,
        Activity? decoding,
        AudioDecodeReport report,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return blocks.Current;
        }
        while (await blocks.MoveNextAsync());

        decoding?.SetTag(TelemetryNames.Attributes.BusySeconds, report.DecodeTime.TotalSeconds)
            .SetTag(TelemetryNames.Attributes.AudioSeconds, report.Duration.TotalSeconds)
            .SetTag(TelemetryNames.Attributes.Bytes, report.BytesRead);
        decoding?.Stop();
    }

    private static async IAsyncEnumerable<TBlock> NoSamplesAsync<TBlock>()
    {
        await Task.CompletedTask;
        yield break;
    }
}
