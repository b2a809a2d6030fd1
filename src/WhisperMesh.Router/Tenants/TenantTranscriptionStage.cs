using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tenants;

/// <summary>Budgets and usage of transcriptions.</summary>
internal sealed class TenantTranscriptionStage(ITranscriptionStage next, TenantMeter meter) : ITranscriptionStage
{
    public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var cost = new BudgetCost(await AudioEstimate.OfAsync(job, cancellationToken), 0);
        var hold = await meter.BeginAsync(job.Origin, cost, cancellationToken);
        var metered = new MeteredTranscript(sink);
        var settled = false;
        try
        {
            await next.RunAsync(job, metered, cancellationToken);
            await meter.CompleteAsync(hold, metered.Read());
            settled = true;
            await metered.FinishAsync(cancellationToken);
        }
        catch (Exception) when (!settled)
        {
            // A caller that has its text and goes before the end has used what it got.
            await (cancellationToken.IsCancellationRequested && metered.Delivered > TimeSpan.Zero
                ? meter.CompleteAsync(hold, metered.Read())
                : meter.GiveBackAsync(hold));
            throw;
        }
    }

    /// <summary>Looks at what passes, and keeps the summary back until its usage is written.</summary>
    private sealed class MeteredTranscript(IRelaySink<StreamTranscribeResponse> sink) : IRelaySink<StreamTranscribeResponse>
    {
        private StreamTranscribeResponse? _last;
        private RouteTaken? _route;
        private string _model = "";
        private string _language = "";

        /// <summary>Audio up to the end of the text that was passed on.</summary>
        public TimeSpan Delivered { get; private set; }

        public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case StreamTranscribeResponse.EventOneofCase.Started:
                    (_route, _model) = (message.Started.Route, message.Started.Model);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Segment:
                    Note(message.Segment);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Summary:
                    _last = message;
                    return ValueTask.CompletedTask;
            }

            return sink.AcceptAsync(message, cancellationToken);
        }

        public bool TryRestart()
        {
            _last = null;
            return sink.TryRestart();
        }

        public MeterReading Read()
        {
            if (_last?.Summary is not { } summary)
            {
                return new MeterReading(new BudgetCost(Delivered, 0), _route, _route?.Model ?? _model, _language, Delivered);
            }

            var audio = summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;
            var route = summary.Route ?? _route;

            // Both tries count where a doubtful result was made again; of the cache's results, none but the one given.
            var again = route is { Cache: not (CacheResult.Hit or CacheResult.Shared), DiscardedAudioDuration: { } discarded }
                ? discarded.ToTimeSpan()
                : TimeSpan.Zero;
            return new MeterReading(new BudgetCost(audio + again, 0), route, route?.Model ?? summary.Model, summary.LanguageCode, audio);
        }

        public ValueTask FinishAsync(CancellationToken cancellationToken) =>
            _last is null ? ValueTask.CompletedTask : sink.AcceptAsync(_last, cancellationToken);

        private void Note(TranscriptSegment segment)
        {
            var end = (segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero) + (segment.SegmentDuration?.ToTimeSpan() ?? TimeSpan.Zero);
            Delivered = end > Delivered ? end : Delivered;
            _language = segment.LanguageCode;
        }
    }
}
