namespace WhisperMesh.Router.Relay;

/// <summary>Where routers tell each other of audio that workers died with.</summary>
internal interface IRefusedAudioStore
{
    /// <summary>Counts one more death; gives how many there were at all routers, 0 where they can't be asked.</summary>
    Task<int> AddDeathAsync(string hash, string head, TimeSpan memory);

    /// <summary>Nothing is held against it any more. Does not wait.</summary>
    void Forget(string hash);
}
