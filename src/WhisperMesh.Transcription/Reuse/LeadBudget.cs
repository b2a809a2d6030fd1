namespace WhisperMesh.Transcription.Reuse;

/// <summary>Memory for audio that is heard ahead, of all requests together.</summary>
internal sealed class LeadBudget(long bytes)
{
    private long _left = bytes;

    public bool TryTake(int wanted)
    {
        if (Interlocked.Add(ref _left, -wanted) >= 0)
        {
            return true;
        }

        Return(wanted);
        return false;
    }

    public void Return(long taken) => Interlocked.Add(ref _left, taken);
}
