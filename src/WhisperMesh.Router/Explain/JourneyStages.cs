using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain;

/// <summary>The outermost stage of a transcription: notes what was asked, and what its caller gets, without the text.</summary>
internal sealed class TranscriptionJourneyStage(ITranscriptionStage next) : ITranscriptionStage
{
    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        if (job.Origin.Journey is not { } journey)
        {
            await next.RunAsync(job, sink, cancellationToken);
            return;
        }

        journey.OnWishes(WishesOf(job), job.Config.Task == TranscriptionTask.Translate ? Operations.Translate : null);
        try
        {
            await next.RunAsync(job, new Noted(sink, journey), cancellationToken);
        }
        catch (Exception e)
        {
            // A stream of events tells its caller itself, and ends well.
            journey.Fail(e, cancellationToken.IsCancellationRequested);
            throw;
        }
    }

    private static RequestWishes WishesOf(TranscriptionJob job) => new()
    {
        Model = job.Config.Model,
        LanguageCode = job.Config.LanguageCode,
        LanguageCodes = { job.Config.LanguageCodes },
        Streams = job.Streams,
        PromptLength = job.Config.Prompt.Length,
        KeywordCount = job.Config.Keywords.Count,
    };

    private sealed class Noted(IRelaySink<StreamTranscribeResponse> sink, Journey journey) : IRelaySink<StreamTranscribeResponse>
    {
        public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case StreamTranscribeResponse.EventOneofCase.Started:
                    journey.OnStarted(message.Started.Route);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Segment:
                    journey.OnSegment(message.Segment);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Summary:
                    journey.OnSummary(message.Summary);
                    break;
            }

            return sink.AcceptAsync(message, cancellationToken);
        }

        public bool TryRestart()
        {
            if (!sink.TryRestart())
            {
                return false;
            }

            journey.OnRestarted();
            return true;
        }
    }
}

/// <summary>The same of a synthesis.</summary>
internal sealed class SynthesisJourneyStage(ISynthesisStage next) : ISynthesisStage
{
    public async Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken)
    {
        if (job.Origin.Journey is not { } journey)
        {
            await next.RunAsync(job, sink, cancellationToken);
            return;
        }

        journey.OnWishes(new RequestWishes { Model = job.Request.Model, Voice = job.Request.Voice, Streams = true });
        try
        {
            await next.RunAsync(job, new Noted(sink, journey), cancellationToken);
        }
        catch (Exception e)
        {
            journey.Fail(e, cancellationToken.IsCancellationRequested);
            throw;
        }
    }

    private sealed class Noted(IRelaySink<SynthesizeResponse> sink, Journey journey) : IRelaySink<SynthesizeResponse>
    {
        public ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case SynthesizeResponse.EventOneofCase.Started:
                    journey.OnStarted(message.Started.Route);
                    break;
                case SynthesizeResponse.EventOneofCase.Summary:
                    journey.OnSummary(message.Summary);
                    break;
            }

            return sink.AcceptAsync(message, cancellationToken);
        }

        public bool TryRestart() => sink.TryRestart();
    }
}
