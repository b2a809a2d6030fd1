namespace WhisperMesh.Router.Admission;

/// <summary>The lanes. Guarded by the queue's lock.</summary>
internal sealed class Lanes(TimeProvider time)
{
    // Callers choose what a lane is made of, so those in which nobody waits go when there are many.
    private const int Kept = 256;

    private readonly Dictionary<LaneKey, Lane> _lanes = [];

    public Lane Of(AdmissionRequest request)
    {
        var needs = request.Requirements;
        var key = new LaneKey(
            needs.Kind,
            needs.Model,
            request.Plan.Name,
            string.Join(',', needs.AllowedLanguages.Prepend(needs.Language)),
            needs.CompressedAudio == Workers.CompressedAudio.Required,
            string.Join(',', needs.Features),
            string.Join(',', request.Excluded.Order(StringComparer.Ordinal)));
        if (!_lanes.TryGetValue(key, out var lane))
        {
            Forget();
            _lanes[key] = lane = new Lane(time);
        }

        return lane;
    }

    private void Forget()
    {
        if (_lanes.Count >= Kept)
        {
            foreach (var (key, _) in _lanes.Where(entry => entry.Value.Waiting == 0).ToList())
            {
                _lanes.Remove(key);
            }
        }
    }
}
