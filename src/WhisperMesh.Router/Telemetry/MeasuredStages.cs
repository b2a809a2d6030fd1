using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Telemetry;

/// <summary>Measures what the stages within make of a transcription, or of a detection. Budgets and routing are within, too.</summary>
internal sealed class MeasuredTranscription(ITranscriptionStage next, bool detects, RequestMetrics metrics, TimeProvider time) : ITranscriptionStage
{
    private const string Detect = "detect";
    private const string Transcribe = "transcribe";
    private const string Translate = "translate";

    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var operation = detects ? Detect : job.Config.Task == TranscriptionTask.Translate ? Translate : Transcribe;
        var request = new MeasuredRequest(metrics, operation, job.Origin.RequestId, time);
        try
        {
            await next.RunAsync(job, new Sink(sink, request), cancellationToken);
            request.OnServed();
        }
        catch (Exception exception)
        {
            request.OnFailed(exception, cancellationToken);
            throw;
        }
    }

    private sealed class Sink(IRelaySink<StreamTranscribeResponse> sink, MeasuredRequest request) : IRelaySink<StreamTranscribeResponse>
    {
        public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case StreamTranscribeResponse.EventOneofCase.Segment:
                    request.OnSegment(message.Segment.Verdict);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Summary:
                    request.OnTranscribed(message.Summary);
                    break;
            }

            return sink.AcceptAsync(message, cancellationToken);
        }

        public bool TryRestart() => sink.TryRestart();
    }
}

/// <summary>The same of a synthesis.</summary>
internal sealed class MeasuredSynthesis(ISynthesisStage next, RequestMetrics metrics, TimeProvider time) : ISynthesisStage
{
    private const string Synthesize = "synthesize";

    public async Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken)
    {
        var request = new MeasuredRequest(metrics, Synthesize, job.Origin.RequestId, time);
        try
        {
            await next.RunAsync(job, new Sink(sink, request), cancellationToken);
            request.OnServed();
        }
        catch (Exception exception)
        {
            request.OnFailed(exception, cancellationToken);
            throw;
        }
    }

    private sealed class Sink(IRelaySink<SynthesizeResponse> sink, MeasuredRequest request) : IRelaySink<SynthesizeResponse>
    {
        public ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case SynthesizeResponse.EventOneofCase.Audio:
                    request.OnSound();
                    break;
                case SynthesizeResponse.EventOneofCase.Summary:
                    request.OnSpoken(message.Summary);
                    break;
            }

            return sink.AcceptAsync(message, cancellationToken);
        }

        public bool TryRestart() => sink.TryRestart();
    }
}
