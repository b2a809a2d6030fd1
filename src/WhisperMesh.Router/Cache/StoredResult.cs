using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using Google.Protobuf;
using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>A whole result as it is kept: every format that a caller may ask for is written from it.</summary>
/// <param name="StoredAt">When it was made.</param>
/// <param name="Detail">What it holds beyond the text.</param>
/// <param name="Segments">The segments.</param>
/// <param name="Summary">The summary, without what belongs to the one request that it was made for.</param>
internal sealed record StoredResult(
    DateTimeOffset StoredAt, ResultDetail Detail, IReadOnlyList<TranscriptSegment> Segments, TranscriptionSummary Summary)
{
    private const byte Version = 2;
    private const int TraceAt = 10;
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;
    private const int HeaderBytes = TraceAt + TraceIdBytes + SpanIdBytes;
    private const int MinCompressedBytes = 512;

    [Flags]
    private enum Traits : byte
    {
        None = 0,
        Words = 1,
        Tokens = 2,
        Compressed = 4,
    }

    /// <summary>The span in whose trace it was made; default: none was known.</summary>
    public ActivityContext Trace { get; init; }

    /// <summary>Null when the events hold no whole result.</summary>
    public static StoredResult? Of(
        IEnumerable<StreamTranscribeResponse> events, ResultDetail detail, DateTimeOffset now, ActivityContext trace = default)
    {
        var segments = new List<TranscriptSegment>();
        TranscriptionSummary? summary = null;
        foreach (var message in events)
        {
            switch (message.EventCase)
            {
                case StreamTranscribeResponse.EventOneofCase.Segment:
                    segments.Add(message.Segment);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Summary:
                    summary = message.Summary.Clone();
                    summary.RequestId = "";
                    summary.Attempt = 0;
                    summary.Timings = null;
                    summary.Work = null;
                    summary.Reused = false;
                    break;
            }
        }

        return summary is null ? null : new StoredResult(now, detail, segments, summary) { Trace = trace };
    }

    /// <summary>Tells the result as if it were made now.</summary>
    public async Task TellAsync(IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        var started = new TranscriptionStarted { WorkerId = Summary.WorkerId, Model = Summary.Model, Route = Summary.Route };
        await sink.AcceptAsync(new StreamTranscribeResponse { Started = started }, cancellationToken);
        foreach (var segment in Segments)
        {
            await sink.AcceptAsync(new StreamTranscribeResponse { Segment = segment }, cancellationToken);
        }

        var progress = new TranscriptionProgress { AudioReceived = Summary.AudioDuration, AudioProcessed = Summary.AudioDuration };
        await sink.AcceptAsync(new StreamTranscribeResponse { Progress = progress }, cancellationToken);
        await sink.AcceptAsync(new StreamTranscribeResponse { Summary = Summary }, cancellationToken);
    }

    public byte[] ToBytes()
    {
        using var plain = new MemoryStream();
        foreach (var segment in Segments)
        {
            new StreamTranscribeResponse { Segment = segment }.WriteDelimitedTo(plain);
        }

        new StreamTranscribeResponse { Summary = Summary }.WriteDelimitedTo(plain);
        var body = plain.GetBuffer().AsSpan(0, (int)plain.Length);
        var traits = (Detail.Words ? Traits.Words : 0) | (Detail.Tokens ? Traits.Tokens : 0);
        var packed = new byte[HeaderBytes + body.Length];
        var length = body.Length;
        if (body.Length >= MinCompressedBytes && Compress(body, packed.AsSpan(HeaderBytes)) is { } compressed)
        {
            traits |= Traits.Compressed;
            length = compressed;
        }
        else
        {
            body.CopyTo(packed.AsSpan(HeaderBytes));
        }

        packed[0] = Version;
        packed[1] = (byte)traits;
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(2), StoredAt.ToUnixTimeMilliseconds());
        if (Trace.TraceId != default)
        {
            Trace.TraceId.CopyTo(packed.AsSpan(TraceAt, TraceIdBytes));
            Trace.SpanId.CopyTo(packed.AsSpan(TraceAt + TraceIdBytes, SpanIdBytes));
        }

        return packed[..(HeaderBytes + length)];
    }

    /// <summary>Null when the bytes are no result that this version wrote.</summary>
    public static StoredResult? Read(byte[] packed)
    {
        if (packed.Length < HeaderBytes || packed[0] != Version)
        {
            return null;
        }

        try
        {
            var traits = (Traits)packed[1];
            using var body = new MemoryStream(packed, HeaderBytes, packed.Length - HeaderBytes);
            using var plain = traits.HasFlag(Traits.Compressed) ? Decompress(body) : body;
            var read = Read(
                plain,
                DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(packed.AsSpan(2))),
                new ResultDetail(traits.HasFlag(Traits.Words), traits.HasFlag(Traits.Tokens)));
            return read is null ? null : read with { Trace = TraceOf(packed.AsSpan(TraceAt)) };
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static ActivityContext TraceOf(ReadOnlySpan<byte> ids) =>
        ids[..(TraceIdBytes + SpanIdBytes)].ContainsAnyExcept((byte)0)
            ? new ActivityContext(
                ActivityTraceId.CreateFromBytes(ids[..TraceIdBytes]),
                ActivitySpanId.CreateFromBytes(ids.Slice(TraceIdBytes, SpanIdBytes)),
                ActivityTraceFlags.Recorded)
            : default;

    private static StoredResult? Read(MemoryStream plain, DateTimeOffset storedAt, ResultDetail detail)
    {
        var segments = new List<TranscriptSegment>();
        while (plain.Position < plain.Length)
        {
            var message = StreamTranscribeResponse.Parser.ParseDelimitedFrom(plain);
            if (message.Summary is { } summary)
            {
                return new StoredResult(storedAt, detail, segments, summary);
            }

            segments.Add(message.Segment);
        }

        return null;
    }

    // The fastest setting: most of a result is text and small numbers, and it is read more often than it is written.
    private static int? Compress(ReadOnlySpan<byte> body, Span<byte> target) =>
        BrotliEncoder.TryCompress(body, target[..(body.Length - 1)], out var written, quality: 1, window: 22) ? written : null;

    private static MemoryStream Decompress(MemoryStream body)
    {
        var plain = new MemoryStream();
        using var brotli = new BrotliStream(body, CompressionMode.Decompress);
        brotli.CopyTo(plain);
        plain.Position = 0;
        return plain;
    }
}
