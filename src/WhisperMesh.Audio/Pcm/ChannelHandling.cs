namespace WhisperMesh.Audio.Pcm;

/// <summary>What becomes of the channels of a source.</summary>
internal enum ChannelHandling
{
    /// <summary>One channel comes out: the mean of all that carry speech.</summary>
    MixDown,

    /// <summary>Each comes out by itself, in the source's order.</summary>
    KeepApart,
}
