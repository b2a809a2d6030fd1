using Google.Protobuf;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

internal enum LiveItemKind
{
    Audio,
    Commit,
    Clear,

    /// <summary>The client has sent all.</summary>
    End,
}

/// <summary>One thing that a client sent, and where in the stream.</summary>
internal readonly record struct LiveItem(LiveItemKind Kind, long Position, ByteString Data)
{
    public LiveItem(LiveItemKind kind, long position)
        : this(kind, position, ByteString.Empty)
    {
    }

    /// <summary>Whether it says nothing, as what took the place of an item that is done with.</summary>
    public bool IsNothing => Kind == LiveItemKind.Audio && Data.IsEmpty;

    public long End => Position + Data.Length;

    public static LiveItem Nothing(long position) => new(LiveItemKind.Audio, position);

    /// <summary>The part from a place on.</summary>
    public LiveItem From(long position) =>
        position <= Position ? this : new LiveItem(Kind, position, UnsafeByteOperations.UnsafeWrap(Data.Memory[(int)(position - Position)..]));

    /// <summary>As a worker gets it; not for <see cref="LiveItemKind.End"/>.</summary>
    public StreamLiveRequest ToRequest() => Kind switch
    {
        LiveItemKind.Audio => new StreamLiveRequest { Audio = new LiveAudio { Data = Data, Position = Position } },
        LiveItemKind.Commit => new StreamLiveRequest { Commit = new LiveCommit() },
        LiveItemKind.Clear => new StreamLiveRequest { Clear = new LiveClear() },
        _ => throw new InvalidOperationException("The end is no message."),
    };
}
