using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Whisper;
using LanguageProbability = WhisperMesh.Speech.V1.LanguageProbability;

namespace WhisperMesh.Transcription.Requests;

/// <summary>
/// Runs one detection: upload → decoder → first seconds of voice → place → engine. It needs its place and its model only once the
/// voice is there, which a live stream may take long to give.
/// </summary>
internal sealed class LanguageListener(
    ModelRegistry models,
    VoiceModel voice,
    WorkerIdentity identity,
    TranscriptionMetrics metrics,
    IOptions<TranscriptionOptions> options,
    TimeProvider timeProvider)
{
    private const int MaxLanguages = 5;

    private readonly AudioDecoder _decoder = new(new AudioDecoderOptions
    {
        MaxAudio = options.Value.MaxAudio,
        MaxAudioBytes = options.Value.MaxAudioBytes,
        FfmpegPath = options.Value.FfmpegPath,
    });

    public async Task<DetectLanguageResponse> RunAsync(
        TranscriptionJob job,
        WorkerTicket ticket,
        IAsyncStreamReader<StreamTranscribeRequest> requestStream,
        CancellationToken cancellationToken)
    {
        TranscriptionTelemetry.Describe(Activity.Current, job);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var upload = new AudioUpload(requestStream, options.Value.MaxAudioBytes);
        var pump = upload.PumpAsync(stop.Token);
        var begin = timeProvider.GetTimestamp();
        var outcome = TranscriptionMetrics.Failed;
        try
        {
            var response = await ListenAsync(job, ticket, upload.Audio, stop.Token);
            outcome = TranscriptionMetrics.Succeeded;
            return response;
        }
        catch (Exception) when (pump.IsFaulted)
        {
            // The upload broke and the decoder with it; the first of the two says why.
            await pump;
            throw;
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

    private async Task<DetectLanguageResponse> ListenAsync(
        TranscriptionJob job, WorkerTicket ticket, Stream audio, CancellationToken cancellationToken)
    {
        var report = new AudioDecodeReport();
        try
        {
            var start = await HearAsync(job, report, audio, cancellationToken);
            using var model = await models.AcquireAsync(job.Model, cancellationToken);
            using (var queue = TranscriptionTelemetry.Source.StartActivity(TelemetryNames.Spans.Queue))
            {
                var waited = await ticket.WaitAsync(cancellationToken);
                queue?.SetTag(TelemetryNames.Attributes.WaitSeconds, waited.TotalSeconds);
                metrics.Queued(waited);
            }

            var languages = await model.Transcriber.DetectLanguageAsync(
                start, job.Request.AllowedLanguages, job.Request.Class, cancellationToken);
            var response = new DetectLanguageResponse
            {
                SpeechDuration = start.Voice.ToDuration(),
                WorkerId = identity.Id,
                Model = job.Model,
            };
            response.Languages.Add(languages.Take(MaxLanguages).Select(
                entry => new LanguageProbability { LanguageCode = entry.Language, Probability = entry.Probability }));
            return response;
        }
        finally
        {
            ticket.Audio = report.Duration;
        }
    }

    // Audio is decoded as far as voice is looked for in it: both are one span.
    private async Task<SpokenStart> HearAsync(
        TranscriptionJob job, AudioDecodeReport report, Stream audio, CancellationToken cancellationToken)
    {
        using var activity = TranscriptionTelemetry.Source.StartActivity(TelemetryNames.Spans.VoiceDetection);
        var samples = _decoder.DecodeAsync(audio, job.AudioFormat, report, cancellationToken);
        var start = await SpokenStart.ReadAsync(voice.Vad, samples, job.Request.Speech, cancellationToken);
        activity?.SetTag(TelemetryNames.Attributes.AudioSeconds, report.Duration.TotalSeconds)
            .SetTag(TelemetryNames.Attributes.SpeechSeconds, start.Voice.TotalSeconds);
        return start;
    }
}
