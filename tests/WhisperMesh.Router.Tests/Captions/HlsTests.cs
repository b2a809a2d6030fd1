using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Captions.Files;
using WhisperMesh.Router.Captions.Shaping;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>Playlist and segments, read back as a player does.</summary>
public sealed class HlsTests
{
    private static readonly CaptionOptions Options = new() { PlaylistDuration = TimeSpan.FromDays(1) };

    [Fact]
    public void Segments_AnySpeech_HaveEveryCaptionOnceByIdAndTime() => Prop.ForAll(Shaping.Speech.Any, words =>
    {
        var player = new Player();
        var log = Play(words, player.Load);
        player.Load(log);

        player.Ended.ShouldBeTrue();
        player.Cues.Values.Select(cue => (cue.Id, cue.Start, cue.End)).ShouldBe(
            log.Captions.Select(caption => (caption.Id, caption.Start, caption.End)));
        player.Cues.Values.SelectMany(cue => cue.Lines).ShouldBe(log.Captions.SelectMany(caption => caption.Lines.Select(Escaped)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Playlist_Live_HasWhatPlayersNeed()
    {
        var log = Log(settled: 20, ended: false, (1, 0.5, 2), (2, 5, 8), (3, 13, 15));

        HlsCaptions.Playlist(log, new CaptionOptions(), "&view=abc").ShouldBe(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:6
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z
            #EXTINF:6.000,
            seg-0.vtt?run=r&view=abc
            #EXTINF:6.000,
            seg-1.vtt?run=r&view=abc
            #EXTINF:6.000,
            seg-2.vtt?run=r&view=abc

            """);
    }

    [Fact]
    public void Segment_CaptionOverABoundary_StandsInBothWithItsTimes()
    {
        var log = Log(settled: 20, ended: false, (1, 0.5, 2), (2, 5, 8), (3, 13, 15));

        HlsCaptions.Segment(log, Options, 0).ShouldBe(
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n"
            + "1\n00:00:00.500 --> 00:00:02.000\nline 1\n\n2\n00:00:05.000 --> 00:00:08.000\nline 2\n\n");
        HlsCaptions.Segment(log, Options, 1).ShouldBe(
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n2\n00:00:05.000 --> 00:00:08.000\nline 2\n\n");
        HlsCaptions.Segment(log, Options, 3).ShouldBeNull();
    }

    [Fact]
    public void Playlist_Ended_EndsWithTheRest()
    {
        var text = HlsCaptions.Playlist(Log(settled: 20, ended: true, (1, 13, 15.5)), Options, "");

        text.ShouldEndWith("#EXTINF:3.500,\nseg-2.vtt?run=r\n#EXT-X-ENDLIST\n");
    }

    [Fact]
    public void Playlist_LongSession_SlidesAndNeverGoesBack()
    {
        var text = HlsCaptions.Playlist(Log(settled: 3600, ended: false), new CaptionOptions(), "");

        text.ShouldContain("#EXT-X-MEDIA-SEQUENCE:550\n");
        text.Split('\n').Count(line => line.StartsWith("#EXTINF", StringComparison.Ordinal)).ShouldBe(50);
        HlsCaptions.Segment(Log(settled: 3600, ended: false), new CaptionOptions(), 549).ShouldNotBeNull("players have a while yet to get it");
    }

    [Fact]
    public void Files_Captions_AreWritten()
    {
        var log = Log(settled: 20, ended: true, (1, 0.5, 2), (2, 5, 8));
        log = log with { Captions = log.Captions.SetItem(1, log.Captions[1] with { Text = "a < b --> c", Lines = ["a < b", "--> c"] }) };

        CaptionFiles.Vtt(log.Captions).ShouldEndWith("2\n00:00:05.000 --> 00:00:08.000\na &lt; b\n--&gt; c\n\n");
        CaptionFiles.Srt(log.Captions).ShouldBe(
            "1\n00:00:00,500 --> 00:00:02,000\nline 1\n\n2\n00:00:05,000 --> 00:00:08,000\na < b\n-> c\n\n");
        CaptionFiles.Text(log.Captions).ShouldBe("text 1 a < b --> c\n");
    }

    // As a session gives them, event by event.
    private static CaptionLog Play(SpokenWord[] words, Action<CaptionLog> look)
    {
        var shaper = new CaptionShaper(Options);
        var log = CaptionLog.Empty.Apply(new CaptionEvent { Type = CaptionEventTypes.Started, Run = "r" }, Options);
        var end = TimeSpan.Zero;
        foreach (var word in words)
        {
            end = word.End > end ? word.End : end;
            Take([.. shaper.Add(word), shaper.Advance(word.End)]);
            Progress(CaptionEventTypes.Status);
            look(log);
        }

        Take([shaper.EndUtterance()]);
        Progress(CaptionEventTypes.Ended);
        return log;

        void Take(IEnumerable<Caption?> captions)
        {
            foreach (var caption in captions.OfType<Caption>())
            {
                log = log.Apply(CaptionEvent.Of("r", caption), Options);
            }
        }

        void Progress(string type) => log = log.Apply(
            new CaptionEvent
            {
                Type = type,
                Run = "r",
                Received = end.TotalSeconds,
                Settled = shaper.Settled.TotalSeconds,
                LastId = shaper.Last?.Id ?? 0,
                LastEnd = shaper.LastEnd?.TotalSeconds,
            },
            Options);
    }

    private static CaptionLog Log(double settled, bool ended, params (int Id, double Start, double End)[] captions) => CaptionLog.Empty with
    {
        Run = "r",
        StartedAt = DateTimeOffset.UnixEpoch,
        State = ended ? CaptionStates.Ended : CaptionStates.Live,
        Settled = TimeSpan.FromSeconds(settled),
        Captions =
        [
            .. captions.Select(one => new Caption(
                one.Id, TimeSpan.FromSeconds(one.Start), TimeSpan.FromSeconds(one.End), $"text {one.Id}", [$"line {one.Id}"]) { Spaced = true }),
        ],
    };

    private static string Escaped(string line) =>
        line.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private sealed record Cue(long Id, TimeSpan Start, TimeSpan End, ImmutableArray<string> Lines);

    /// <summary>Loads a playlist again and again, and each segment once.</summary>
    private sealed class Player
    {
        private readonly HashSet<long> _loaded = [];
        private long _sequence;

        public SortedDictionary<long, Cue> Cues { get; } = [];

        public bool Ended { get; private set; }

        public void Load(CaptionLog log)
        {
            var lines = HlsCaptions.Playlist(log, Options, "").Split('\n');
            var sequence = long.Parse(Value(lines, "#EXT-X-MEDIA-SEQUENCE:"), CultureInfo.InvariantCulture);
            sequence.ShouldBeGreaterThanOrEqualTo(_sequence);
            _sequence = sequence;
            lines.Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
                .All(line => double.Parse(line[8..^1], CultureInfo.InvariantCulture) is > 0 and <= 6).ShouldBeTrue();
            foreach (var uri in lines.Where(line => line.StartsWith("seg-", StringComparison.Ordinal)))
            {
                var number = long.Parse(uri[4..uri.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
                if (_loaded.Add(number))
                {
                    Read(HlsCaptions.Segment(log, Options, number).ShouldNotBeNull());
                }
            }

            Ended = lines.Contains("#EXT-X-ENDLIST");
        }

        private void Read(string segment)
        {
            var blocks = segment.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
            blocks[0].ShouldBe("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000");
            foreach (var block in blocks.Skip(1))
            {
                var lines = block.Split('\n');
                var times = lines[1].Split(" --> ");
                var cue = new Cue(
                    long.Parse(lines[0], CultureInfo.InvariantCulture),
                    TimeSpan.Parse(times[0], CultureInfo.InvariantCulture),
                    TimeSpan.Parse(times[1], CultureInfo.InvariantCulture),
                    [.. lines.Skip(2)]);
                if (!Cues.TryAdd(cue.Id, cue))
                {
                    (Cues[cue.Id].Start, Cues[cue.Id].End).ShouldBe((cue.Start, cue.End), "the same caption in two segments is the same");
                }
            }
        }

        private static string Value(string[] lines, string tag) =>
            lines.Single(line => line.StartsWith(tag, StringComparison.Ordinal))[tag.Length..];
    }
}
