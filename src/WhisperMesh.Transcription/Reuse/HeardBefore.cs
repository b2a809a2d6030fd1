using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Transcription.Requests;

namespace WhisperMesh.Transcription.Reuse;

/// <summary>Finds what was heard in the same audio before, whatever file it came in, for the same scope.</summary>
internal sealed class HeardBefore(
    SpeechEngine engine, WorkerIdentity identity, IOptions<TranscriptionOptions> options, TimeProvider time)
{
    private readonly ResultCache _results = new(options.Value.ResultCacheBytes);
    private readonly LeadBudget _budget = new(options.Value.ResultCacheBytes);

    /// <summary>Whether a request may reuse results, and be reused.</summary>
    public bool Serves(TranscriptionJob job) =>
        _results.IsOn && job.ReuseKey is not null && !job.SeparateChannels && RevisionOf(job).Length > 0;

    public AudioLead Lead(IAsyncEnumerable<ReadOnlyMemory<float>> decoded) => new(decoded, _budget, time);

    public HeardResult? Find(TranscriptionJob job, AudioLead lead) =>
        lead.Hash is { } hash ? _results.Find(job.ReuseKey!.For(RevisionOf(job), hash)) : null;

    /// <summary>Keeps the result of a request that has ended well.</summary>
    public void Keep(TranscriptionJob job, AudioLead lead, AudioDecodeReport report, RecordedResponses responses)
    {
        if (lead.Hash is { } hash && responses.Events is [.., { Summary: not null }])
        {
            _results.Add(job.ReuseKey!.For(RevisionOf(job), hash), HeardResult.Of(responses.Events, report.Warnings.Count));
        }
    }

    /// <summary>Tells a result as one of this request.</summary>
    public async Task TellAsync(
        HeardResult result,
        TranscriptionJob job,
        AudioDecodeReport report,
        TimeSpan elapsed,
        IServerStreamWriter<StreamTranscribeResponse> responses,
        CancellationToken cancellationToken)
    {
        var started = new TranscriptionStarted { RequestId = job.RequestId, WorkerId = identity.Id, Model = job.Model };
        await responses.WriteAsync(new StreamTranscribeResponse { Started = started }, cancellationToken);
        foreach (var segment in result.Segments)
        {
            await responses.WriteAsync(new StreamTranscribeResponse { Segment = segment }, cancellationToken);
        }

        var length = report.Duration.ToDuration();
        var progress = new TranscriptionProgress { AudioReceived = length, AudioProcessed = length };
        await responses.WriteAsync(new StreamTranscribeResponse { Progress = progress }, cancellationToken);
        var summary = result.Summary.Clone();
        summary.RequestId = job.RequestId;
        summary.Attempt = job.Attempt;
        summary.WorkerId = identity.Id;
        summary.Model = job.Model;
        summary.ChannelCount = report.SourceChannelCount;
        summary.Warnings.Add(report.Warnings);
        summary.Timings = new TranscriptionTimings { AudioDecoding = report.DecodeTime.ToDuration(), Total = elapsed.ToDuration() };
        summary.Reused = true;
        await responses.WriteAsync(new StreamTranscribeResponse { Summary = summary }, cancellationToken);
    }

    /// <summary>Revision of the files of a request's model; empty where they can't be read.</summary>
    public string RevisionOf(TranscriptionJob job) => engine.Revisions.GetValueOrDefault(job.Model, "");
}
