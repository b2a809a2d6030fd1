using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tenants;

/// <summary>Budgets and usage of speech.</summary>
internal sealed class TenantSynthesisStage(ISynthesisStage next, TenantMeter meter) : ISynthesisStage
{
    public async Task RunAsync(SynthesisJob job, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken)
    {
        var characters = job.Request.Text.EnumerateRunes().LongCount();
        var metered = new MeteredSpeech(sink, characters);
        await meter.RunAsync(
            job.Origin,
            new BudgetCost(TimeSpan.Zero, characters),
            metered,
            () => next.RunAsync(job, metered, cancellationToken),
            cancellationToken);
    }

    /// <summary>Looks at what passes, and keeps the summary back until its usage is written.</summary>
    private sealed class MeteredSpeech(IRelaySink<SynthesizeResponse> sink, long characters)
        : IRelaySink<SynthesizeResponse>, IMetered
    {
        private SynthesizeResponse? _last;
        private RouteTaken? _route;
        private string _model = "";

        public bool HasDelivered { get; private set; }

        public ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case SynthesizeResponse.EventOneofCase.Started:
                    (_route, _model) = (message.Started.Route, message.Started.Model);
                    break;
                case SynthesizeResponse.EventOneofCase.Audio:
                    HasDelivered = true;
                    break;
                case SynthesizeResponse.EventOneofCase.Summary:
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
            var summary = _last?.Summary;
            var route = summary?.Route ?? _route;
            return new MeterReading(
                new BudgetCost(TimeSpan.Zero, characters),
                route,
                route?.Model ?? summary?.Model ?? _model,
                "",
                summary?.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero);
        }

        public ValueTask FinishAsync(CancellationToken cancellationToken) =>
            _last is null ? ValueTask.CompletedTask : sink.AcceptAsync(_last, cancellationToken);
    }
}
