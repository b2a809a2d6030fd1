namespace WhisperMesh.Router.Relay;

/// <summary>Where routers tell each other of audio that workers died with.</summary>
internal interface IRefusedAudioStore
{
    /// <summary>Notes workers that died with it, known or not; gives how many did at all routers, 0 where they can't be asked.</summary>
    Task<int> AddDeathsAsync(string hash, string head, IReadOnlyCollection<string> workerIds, TimeSpan memory);

    /// <summary>Nothing is held against it any more. Does not wait.</summary>
    void Forget(string hash);
}
