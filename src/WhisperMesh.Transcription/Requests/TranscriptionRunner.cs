using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Runs one request: upload → decoder → place → engine → response.</summary>
internal sealed class TranscriptionRunner(
    ModelRegistry models,
    WorkerIdentity identity,
    TranscriptionMetrics metrics,
    IOptions<TranscriptionOptions> options,
    TimeProvider timeProvider)
{
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
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var upload = new AudioUpload(requestStream, options.Value.MaxAudioBytes);
        var pump = upload.PumpAsync(stop.Token);
        var begin = timeProvider.GetTimestamp();
        var outcome = TranscriptionMetrics.Failed;
        try
        {
            await TranscribeAsync(job, ticket, upload.Audio, responseStream, stop.Token);
            outcome = TranscriptionMetrics.Succeeded;
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
        var writer = new ResponseWriter(job, identity.Id, job.Model, responseStream, timeProvider);
        var report = new AudioDecodeReport();
        try
        {
            var call = Activity.Current;
            using var decoding = TranscriptionTelemetry.Source.StartActivity(TranscriptionTelemetry.AudioDecoding);
            // Decoding goes on beside the rest, so the later spans are its siblings.
            Activity.Current = call;
            await using var blocks = _decoder.DecodeAsync(audio, job.AudioFormat, report, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            // The first block shows that the audio can be read; only then are model and place taken.
            var hasFirst = await blocks.MoveNextAsync();
            using var model = await models.AcquireAsync(job.Model, cancellationToken);
            using (var queue = TranscriptionTelemetry.Source.StartActivity(TranscriptionTelemetry.Queue))
            {
                writer.Queued = await ticket.WaitAsync(cancellationToken);
                metrics.Queued(writer.Queued);
            }

            await writer.StartedAsync(cancellationToken);
            var samples = hasFirst ? ReadOnAsync(blocks, decoding, report, cancellationToken) : NoSamplesAsync();
            await foreach (var happening in model.Transcriber.TranscribeAsync(samples, job.Request, cancellationToken))
            {
                await writer.WriteAsync(happening, report, cancellationToken);
            }
        }
        finally
        {
            ticket.Audio = report.Duration;
        }

        metrics.Recognized(writer.SegmentCount);
        await writer.SummaryAsync(report, cancellationToken);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<float>> ReadOnAsync(
        IAsyncEnumerator<ReadOnlyMemory<float>> blocks,
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

        decoding?.SetTag(TranscriptionTelemetry.BusySeconds, report.DecodeTime.TotalSeconds);
        decoding?.Stop();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<float>> NoSamplesAsync()
    {
        await Task.CompletedTask;
        yield break;
    }
}
