namespace WhisperMesh.Router.Workers.Load;

/// <summary>
/// Latency per audio second that is usual at a worker, by how many requests it works on: whether they share its speed (a batch
/// on few cores) or not (a server with room) is learned, not assumed.
/// </summary>
internal sealed class LatencyCurve
{
    /// <summary>What every request costs beside its audio, as if it were so many seconds of it.</summary>
    private const double FixedAudioSeconds = 1;

    // Places 1, 2, 3-4, 5-8 … 129-256.
    private const int Buckets = 9;

    // A latency that is usual moves the curve by a tenth; one that is not, hardly: a slow hour must not become the norm at once.
    private const double UsualWeight = 0.1;
    private const double UnusualWeight = 0.005;

    private readonly double[] _usual = new double[Buckets];

    public bool IsLearned => Array.Exists(_usual, value => value > 0);

    /// <summary>Latency over audio.</summary>
    public static double Normalize(TimeSpan latency, double audioSeconds) => latency.TotalSeconds / (audioSeconds + FixedAudioSeconds);

    /// <summary>Usual normalised latency; null before anything was learned.</summary>
    public double? Usual(int concurrency)
    {
        var bucket = BucketOf(concurrency);
        if (_usual[bucket] > 0)
        {
            return _usual[bucket];
        }

        // More requests at once are not faster; fewer are at worst so much faster as they are fewer.
        for (var higher = bucket + 1; higher < Buckets; higher++)
        {
            if (_usual[higher] > 0)
            {
                return _usual[higher];
            }
        }

        for (var lower = bucket - 1; lower >= 0; lower--)
        {
            if (_usual[lower] > 0)
            {
                return _usual[lower] * Math.Pow(2, bucket - lower);
            }
        }

        return null;
    }

    public void Learn(int concurrency, double normalized, bool usual)
    {
        ref var value = ref _usual[BucketOf(concurrency)];
        value = value == 0 ? (usual ? normalized : 0) : value + ((normalized - value) * (usual ? UsualWeight : UnusualWeight));
    }

    /// <summary>Usual latency of a request.</summary>
    public TimeSpan? Expected(int concurrency, double audioSeconds) =>
        Usual(concurrency) is { } usual ? TimeSpan.FromSeconds(usual * (audioSeconds + FixedAudioSeconds)) : null;

    private static int BucketOf(int concurrency) =>
        Math.Min(Buckets - 1, concurrency <= 1 ? 0 : (int)Math.Ceiling(Math.Log2(concurrency)));
}
