using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Tests.Tokens;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class LoopGuardTests
{
    private const int FirstTimestamp = 50_364;

    [Theory]
    [InlineData(" No, no, no, no, no.")]
    [InlineData(" No no no no no no no")]
    [InlineData(" Thank you. Thank you. Thank you. Thank you.")]
    [InlineData(" Ha ha ha ha ha ha, that was good.")]
    [InlineData(" We will, we will rock you. We will, we will rock you. We will, we will rock you.")]
    [InlineData(" Please hold the line. Please hold the line. Please hold the line.")]
    [InlineData(" The number is 555-5555, area code 000.")]
    [InlineData(" 1 000 000 000 000")]
    [InlineData(" はい、はい、はい、はい、わかりました。")]
    [InlineData(" Нет, нет, нет, нет, нет!")]
    public void HasLoop_WhatPeopleSay_IsNone(string text) => HasLoop(text).ShouldBeFalse();

    [Theory]
    [InlineData(" you", 9)]
    [InlineData(" Thank you.", 6)]
    [InlineData(" I don't know what to do.", 5)]
    [InlineData(" спасибо,", 6)]
    public void HasLoop_ShortLoopThatCompressionMisses_IsSeen(string phrase, int times) =>
        HasLoop(" And then" + string.Concat(Enumerable.Repeat(phrase, times)) + " Good.").ShouldBeTrue();

    [Fact]
    public void HasLoop_LoopWithTimestampsCountedUp_IsSeen()
    {
        int[] tokens = [.. Enumerable.Range(0, 5).SelectMany(i =>
            new[] { FirstTimestamp + 100 * i, 291, 1309, 291, FirstTimestamp + 100 * i + 100 })];

        LoopGuard.HasLoop(tokens, FirstTimestamp).ShouldBeTrue();
    }

    [Fact]
    public void HasLoop_Recordings_HaveNone()
    {
        foreach (var recording in Repository.Recordings)
        {
            HasLoop(recording.Text).ShouldBeFalse(recording.File);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(40)]
    public void IsLooping_LoopOfAnyLength_IsStoppedWithinFourRoundsOrSixteenTokens(int period)
    {
        int[] phrase = [.. Enumerable.Range(1_000, period)];
        int[] tokens = [.. Enumerable.Range(0, 30), .. Enumerable.Repeat(phrase, 17).SelectMany(p => p)];

        var stop = Enumerable.Range(1, tokens.Length).First(count => LoopGuard.IsLooping(tokens.AsSpan(0, count), FirstTimestamp));

        stop.ShouldBeGreaterThanOrEqualTo(30 + 4 * period);
        stop.ShouldBeLessThanOrEqualTo(30 + Math.Max(4 * period, 36));
        LoopGuard.HasLoop(tokens.AsSpan(0, stop), FirstTimestamp).ShouldBeTrue();
    }

    [Fact]
    public void IsLooping_Recordings_NeverFiresOnTheWay()
    {
        foreach (var recording in Repository.Recordings)
        {
            var tokens = TokenizerTests.Base.Encode(recording.Text);
            for (var count = 1; count <= tokens.Length; count++)
            {
                LoopGuard.IsLooping(tokens.AsSpan(0, count), FirstTimestamp).ShouldBeFalse(recording.File);
            }
        }
    }

    private static bool HasLoop(string text) => LoopGuard.HasLoop(TokenizerTests.Base.Encode(text), FirstTimestamp);
}
