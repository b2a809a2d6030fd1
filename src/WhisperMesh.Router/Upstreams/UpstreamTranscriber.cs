using System.Text;
using System.Text.Json;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Spool;
using WhisperMesh.Speech.V1;
using ProtoDuration = Google.Protobuf.WellKnownTypes.Duration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Has an upstream transcribe an upload and tells it as a worker would.</summary>
internal sealed class UpstreamTranscriber(UpstreamClient client, UpstreamGates gates, TimeProvider time)
{
    private const long MaxAnswerBytes = 32 << 20;

    public async Task RunAsync(
        UpstreamTask task,
        TranscriptionConfig config,
        SpoolFile file,
        IRelaySink<StreamTranscribeResponse> sink,
        CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var form = UpstreamForm.Of(task, config);
        var audio = await UpstreamAudio.OfAsync(file, config.AudioFormat, cancellationToken);
        if (audio.Length + audio.Header.Length > task.Upstream.MaxUploadBytes)
        {
            throw UpstreamErrors.TooLarge(task.Upstream, task.Upstream.MaxUploadBytes);
        }

        using var place = gates.Of(task.Upstream).Enter(task.Upstream);
        UpstreamTranscript? transcript = null;
        await client.CallAsync(
            task.Upstream,
            form.Translates ? "audio/translations" : "audio/transcriptions",
            form.ToContent(file, audio),
            task.Deadline,
            async (response, token) => transcript = await ReadAsync(task, config, response, audio, token),
            cancellationToken);

        await new UpstreamTranscriptEvents(task, config, transcript!, audio).SendAsync(
            sink, form.Warnings, time.GetElapsedTime(begun), cancellationToken);
    }

    private static async Task<UpstreamTranscript> ReadAsync(
        UpstreamTask task, TranscriptionConfig config, HttpResponseMessage response, UpstreamAudio audio, CancellationToken cancellationToken)
    {
        var asked = config.Task == TranscriptionTask.Translate ? "en" : config.LanguageCode.Split('-', 2)[0].ToLowerInvariant();
        await using var body = new CappedStream(task.Upstream, await response.Content.ReadAsStreamAsync(cancellationToken), MaxAnswerBytes);
        if (task.Model.ResponseFormat == "text")
        {
            using var reader = new StreamReader(body, Encoding.UTF8);
            return UpstreamTranscript.OfText(await reader.ReadToEndAsync(cancellationToken), asked, audio.Duration);
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(body, default, cancellationToken);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.Member("text")?.Text() is not null
                ? UpstreamTranscript.Of(json.RootElement, asked, audio.Duration)
                : throw UpstreamErrors.Died(task.Upstream, "answered with JSON that has no text");
        }
        catch (JsonException e)
        {
            throw UpstreamErrors.Died(task.Upstream, "answered with what is no JSON", e);
        }
    }
}

/// <summary>The events of one transcription that an upstream made.</summary>
internal sealed class UpstreamTranscriptEvents(
    UpstreamTask task, TranscriptionConfig config, UpstreamTranscript transcript, UpstreamAudio audio)
{
    private string WorkerId => UpstreamId.Of(task.Upstream.Name);

    public async Task SendAsync(
        IRelaySink<StreamTranscribeResponse> sink, IReadOnlyList<string> warnings, TimeSpan total, CancellationToken cancellationToken)
    {
        var started = new TranscriptionStarted { RequestId = config.RequestId, WorkerId = WorkerId, Model = config.Model };
        await sink.AcceptAsync(new() { Started = started }, cancellationToken);

        // An upstream hears the whole file again; what another worker has transcribed already is left out here.
        var resume = config.ResumeOffset?.ToTimeSpan() ?? TimeSpan.Zero;
        var sent = 0;
        foreach (var segment in transcript.Segments.Where(segment => Middle(segment) >= resume))
        {
            segment.Index = sent++;
            if (!config.WordTimestamps)
            {
                segment.Words.Clear();
            }

            await sink.AcceptAsync(new() { Segment = segment }, cancellationToken);
        }

        var duration = ProtoDuration.FromTimeSpan(transcript.Duration);
        var progress = new TranscriptionProgress { AudioReceived = duration, AudioProcessed = duration };
        await sink.AcceptAsync(new() { Progress = progress }, cancellationToken);
        await sink.AcceptAsync(new() { Summary = Summary(warnings, sent, total) }, cancellationToken);
    }

    private static TimeSpan Middle(TranscriptSegment segment) =>
        segment.StartOffset.ToTimeSpan() + (segment.SegmentDuration.ToTimeSpan() / 2);

    private TranscriptionSummary Summary(IReadOnlyList<string> warnings, int segments, TimeSpan total)
    {
        var summary = new TranscriptionSummary
        {
            RequestId = config.RequestId,
            Attempt = config.Attempt,
            WorkerId = WorkerId,
            Model = config.Model,
            AudioDuration = ProtoDuration.FromTimeSpan(transcript.Duration),
            LanguageCode = transcript.Language,
            SegmentCount = segments,
            ChannelCount = audio.ChannelCount,
            Timings = new TranscriptionTimings { Total = ProtoDuration.FromTimeSpan(total) },
        };
        summary.LanguageProbabilities.AddRange(transcript.Languages);
        summary.Warnings.AddRange(warnings);
        summary.Warnings.AddRange(transcript.Warnings.Select(
            warning => $"The upstream '{task.Upstream.Name}' warns: {UpstreamAnswers.Sanitise(warning, UpstreamClient.Key(task.Upstream))}"));
        if (transcript.Duration == TimeSpan.Zero)
        {
            summary.Warnings.Add($"The upstream '{task.Upstream.Name}' does not say how long the audio is.");
        }

        if (config.LanguageCodes.Count > 1 && transcript.Language.Length > 0
            && !config.LanguageCodes.Any(code => code.Split('-', 2)[0].Equals(transcript.Language, StringComparison.OrdinalIgnoreCase)))
        {
            summary.Warnings.Add($"The upstream '{task.Upstream.Name}' heard '{transcript.Language}', which is none of the languages allowed.");
        }

        return summary;
    }
}
