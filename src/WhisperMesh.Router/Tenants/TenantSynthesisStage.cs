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
        var hold = await meter.BeginAsync(job.Origin, new BudgetCost(TimeSpan.Zero, characters), cancellationToken);
        var metered = new MeteredSpeech(sink, characters);
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
            // A caller that has heard enough and goes has had the text spoken.
            await (cancellationToken.IsCancellationRequested && metered.Delivered
                ? meter.CompleteAsync(hold, metered.Read())
                : meter.GiveBackAsync(hold));
            throw;
        }
    }

    /// <summary>Looks at what passes, and keeps the summary back until its usage is written.</summary>
    private sealed class MeteredSpeech(IRelaySink<SynthesizeResponse> sink, long characters) : IRelaySink<SynthesizeResponse>
    {
        private SynthesizeResponse? _last;
        private RouteTaken? _route;
        private string _model = "";

        public bool Delivered { get; private set; }

        public ValueTask AcceptAsync(SynthesizeResponse message, CancellationToken cancellationToken)
        {
            switch (message.EventCase)
            {
                case SynthesizeResponse.EventOneofCase.Started:
                    (_route, _model) = (message.Started.Route, message.Started.Model);
                    break;
                case SynthesizeResponse.EventOneofCase.Audio:
                    Delivered = true;
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
