namespace WhisperMesh.Router.Relay;

/// <summary>How many second tries each route may still make, and how long requests take of late. Thread-safe.</summary>
internal sealed class HedgeBudget
{
    /// <summary>Second tries that can be saved up.</summary>
    private const double Most = 10;

    /// <summary>Times that are kept of each model, and the fewest that tell anything.</summary>
    private const int Kept = 200;
    private const int Needed = 20;

    private const double Usual = 0.95;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _tokens = [];
    private readonly Dictionary<(string, string), (TimeSpan[] Times, int Count)> _times = [];

    public void OnRequest(string route, double share)
    {
        lock (_gate)
        {
            // The first request may be hedged too.
            _tokens[route] = Math.Min(Most, _tokens.GetValueOrDefault(route, 1) + share);
        }
    }

    public bool TryTake(string route)
    {
        lock (_gate)
        {
            if (_tokens.GetValueOrDefault(route) < 1)
            {
                return false;
            }

            _tokens[route]--;
            return true;
        }
    }

    public void GiveBack(string route)
    {
        lock (_gate)
        {
            _tokens[route]++;
        }
    }

    public void OnServed(string operation, string model, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var (times, count) = _times.TryGetValue((operation, model), out var known) ? known : (new TimeSpan[Kept], 0);
            times[count % Kept] = elapsed;
            _times[(operation, model)] = (times, count + 1);
        }
    }

    /// <summary>Time within which 95 of 100 requests are served; null while too few have been.</summary>
    public TimeSpan? UsualTime(string operation, string model)
    {
        lock (_gate)
        {
            if (!_times.TryGetValue((operation, model), out var known) || known.Count < Needed)
            {
                return null;
            }

            var sorted = known.Times.Take(Math.Min(known.Count, Kept)).Order().ToArray();
            return sorted[(int)Math.Ceiling(Usual * sorted.Length) - 1];
        }
    }
}
