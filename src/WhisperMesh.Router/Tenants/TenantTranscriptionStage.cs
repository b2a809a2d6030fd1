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
        var metered = new MeteredTranscript(sink);
        await meter.RunAsync(job.Origin, cost, metered, () => next.RunAsync(job, metered, cancellationToken), cancellationToken);
    }

    /// <summary>Looks at what passes, and keeps the summary back until its usage is written.</summary>
    private sealed class MeteredTranscript(IRelaySink<StreamTranscribeResponse> sink)
        : IRelaySink<StreamTranscribeResponse>, IMetered
    {
        private StreamTranscribeResponse? _last;
        private RouteTaken? _route;
        private string _model = "";
        private string _language = "";

        // Audio up to the end of the text that was passed on.
        private TimeSpan _delivered;

        public bool HasDelivered => _delivered > TimeSpan.Zero;

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
                return new MeterReading(new BudgetCost(_delivered, 0), _route, _route?.Model ?? _model, _language, _delivered);
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
            _delivered = end > _delivered ? end : _delivered;
            _language = segment.LanguageCode;
        }
    }
}
