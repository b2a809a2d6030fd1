using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache.Flights;

/// <summary>The transcriptions of this router that others may join.</summary>
internal sealed class FlightBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, List<Flight>> _flights = [];

    /// <summary>Number of flights.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _flights.Values.Sum(flights => flights.Count);
            }
        }
    }

    /// <summary>Requests that wait for them.</summary>
    public int Travellers
    {
        get
        {
            lock (_gate)
            {
                return _flights.Values.Sum(flights => flights.Sum(flight => flight.Travellers));
            }
        }
    }

    /// <summary>Joins one that serves the request, or puts up the request's own.</summary>
    /// <returns>The one that was joined; null when <paramref name="own"/> may be joined now.</returns>
    public Flight? JoinOrAdd(CacheKey key, ResultDetail detail, RequestClass requestClass, Flight own)
    {
        lock (_gate)
        {
            var flights = _flights.GetValueOrDefault(key) ?? [];
            if (flights.FirstOrDefault(flight => flight.Serves(detail, requestClass) && flight.TryJoin()) is { } joined)
            {
                return joined;
            }

            Add(key, own, flights);
            return null;
        }
    }

    /// <summary>Lets others join a flight whose key has become known, unless it is over.</summary>
    public void Add(CacheKey key, Flight flight)
    {
        lock (_gate)
        {
            Add(key, flight, _flights.GetValueOrDefault(key) ?? []);
        }
    }

    /// <summary>Nobody can join it any more.</summary>
    public void Remove(Flight flight)
    {
        lock (_gate)
        {
            flight.IsOver = true;
            if (flight.Key is { } key && _flights.TryGetValue(key, out var flights) && flights.Remove(flight) && flights.Count == 0)
            {
                _flights.Remove(key);
            }
        }
    }

    private void Add(CacheKey key, Flight flight, List<Flight> flights)
    {
        if (!flight.IsOver)
        {
            flights.Add(flight);
            flight.Key = key;
            _flights[key] = flights;
        }
    }
}
