namespace WhisperMesh.Router.Relay;

/// <summary>Where routers tell each other of audio that workers died with.</summary>
internal interface IRefusedAudioStore
{
    /// <summary>Notes a worker that died with it; gives how many did at all routers, 0 where they can't be asked.</summary>
    Task<int> AddDeathAsync(string hash, string head, string workerId, TimeSpan memory);

    /// <summary>Nothing is held against it any more. Does not wait.</summary>
    void Forget(string hash);
}
