namespace WhisperMesh.Whisper.Live;

/// <summary>Refuses what can't be had, naming the field.</summary>
internal static class LiveOptionsCheck
{
    /// <exception cref="WhisperException">The stream can't be had as asked.</exception>
    public static void Check(this LiveOptions options, WhisperModel model)
    {
        options.ForStream().Check(model);
        CheckEndpointing(options.Endpointing);
        if (options.Resume is { } resume)
        {
            CheckResume(resume, model);
        }
    }

    /// <summary>The request without what concerns recordings only.</summary>
    public static TranscriptionRequest ForStream(this LiveOptions options) => options.Request with
    {
        Temperature = 0,
        BeamSize = 1,
        CarryContext = false,
        Class = RequestClass.Live,
        Speech = new SpeechDetection(),
        WordTimestamps = true,
        ResumeFrom = TimeSpan.Zero,
    };

    private static void CheckEndpointing(Endpointing endpointing)
    {
        Check(endpointing.Threshold is >= 0 and <= 1, "The speech threshold must be between 0 and 1.", nameof(Endpointing.Threshold));
        CheckSeconds(endpointing.Pause, 0.1, 10, "The pause", nameof(Endpointing.Pause));
        CheckSeconds(endpointing.Prefix, 0, 2, "The prefix", nameof(Endpointing.Prefix));
        CheckSeconds(endpointing.MaximumUtterance, 5, 60, "The longest utterance", nameof(Endpointing.MaximumUtterance));
    }

    private static void CheckResume(LiveResume resume, WhisperModel model)
    {
        const string Field = nameof(LiveOptions.Resume);
        var checkpoint = resume.Checkpoint;
        Check(checkpoint.Sample >= 0, "A checkpoint must not lie before the stream.", Field);
        Check(checkpoint.Utterances >= 0 && checkpoint.Speech >= TimeSpan.Zero, "A checkpoint must not count below nothing.", Field);
        new TranscriptionRequest { Language = checkpoint.Language }.Check(model);
        new TranscriptionRequest { Language = checkpoint.Doubt?.Language }.Check(model);
        Check(checkpoint.Doubt is null or { Utterances: > 0 }, "A doubted language has been heard at least once.", Field);
        var last = SegmentFactory.Time(checkpoint.Sample);
        foreach (var word in resume.Words)
        {
            Check(word.Duration >= TimeSpan.Zero, "A word must not be shorter than nothing.", Field);
            Check(word.Start >= last, "The words after a checkpoint must lie after it, each after the last.", Field);
            last = word.Start + word.Duration;
        }
    }

    private static void CheckSeconds(TimeSpan time, double least, double most, string name, string field) => Check(
        time >= TimeSpan.FromSeconds(least) && time <= TimeSpan.FromSeconds(most),
        FormattableString.Invariant($"{name} must be between {least} and {most} s."),
        field);

    private static void Check(bool holds, string message, string field)
    {
        if (!holds)
        {
            throw new WhisperException(WhisperErrorReason.FieldInvalid, message) { Field = field };
        }
    }
}
