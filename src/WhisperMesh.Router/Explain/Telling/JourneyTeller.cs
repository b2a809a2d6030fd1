using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Console.Mesh;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain.Telling;

/// <summary>Makes the record of a request out of what it has gone through: after its end, or of one that runs when someone asks.</summary>
internal sealed class JourneyTeller(IOptions<ExplainOptions> options, RouterIdentity router)
{
    /// <summary>Pieces of text whose scores are told; of more, the surest are left out.</summary>
    private const int MostSegments = 300;

    private readonly ExplainOptions _options = options.Value;

    public RequestRecord Tell(Journey journey)
    {
        lock (journey.Gate)
        {
            var record = new RequestRecord
            {
                Line = LineOf(journey),
                TraceId = journey.TraceId == default ? "" : journey.TraceId.ToHexString(),
                Protocol = journey.Protocol,
                Status = journey.Status,
                RouterId = router.Id,
                RouterVersion = router.Version,
                Wishes = WishesOf(journey),
                Route = journey.Route,
                SessionId = journey.SessionId,
            };
            if (journey.End != 0)
            {
                record.ExpireTime = Timestamp.FromDateTimeOffset(journey.CreatedAt + journey.Elapsed + _options.KeepFor);
            }

            if (journey.Failure is { } failure)
            {
                record.Error = new RequestError { Reason = failure.Reason, Message = failure.Message, Field = failure.Field };
            }

            record.Choices.AddRange(journey.Choices.Select(choice => ChoiceTeller.Tell(choice, journey.Since(choice.At))));
            record.Attempts.AddRange(journey.Attempts.Select(attempt => AttemptOf(attempt, journey)));
            record.Stages.AddRange(StageTeller.Tell(journey));
            record.Judged.AddRange(journey.Judged);
            TellScores(record, journey);
            TellResult(record, journey);
            return record;
        }
    }

    private RequestLine LineOf(Journey journey)
    {
        var audio = AudioOf(journey);
        var served = journey.Attempts.LastOrDefault(attempt => attempt.Outcome == Telemetry.Outcomes.Served)
            ?? (journey.Attempts is [.., var last] ? last : null);
        return new RequestLine
        {
            RequestId = journey.Id,
            Tenant = journey.Tenant,
            Operation = journey.Operation,
            State = journey.State,
            CreateTime = Timestamp.FromDateTimeOffset(journey.CreatedAt),
            TotalDuration = journey.Elapsed.ToDuration(),
            AudioDuration = audio?.ToDuration(),
            WorkerId = journey.Summary?.WorkerId ?? journey.Speech?.WorkerId ?? served?.WorkerId ?? journey.Route?.WorkerId ?? "",
            Model = journey.Route?.Model ?? served?.Model ?? journey.Summary?.Model ?? "",
            RouteName = journey.Route?.Name ?? journey.Plan?.Name ?? "",
            ErrorReason = journey.Failure?.Reason ?? "",
            AttemptCount = journey.Attempts.Count,
            SegmentCount = journey.Scores.Count,
            DoubtfulCount = journey.Scores.DoubtfulCount,
            Slow = IsSlow(journey, audio),
            Cache = journey.Route?.Cache ?? CacheResult.Unspecified,
        };
    }

    private bool IsSlow(Journey journey, TimeSpan? audio) => journey.Live is { } live
        ? live.LargestLag >= _options.SlowLag
        : WorkTime(journey) > _options.SlowAfter + ((audio ?? TimeSpan.Zero) * _options.SlowRealTimeFactor);

    // How long an upload takes is its sender's business.
    private static TimeSpan WorkTime(Journey journey) => journey.Elapsed - (journey.Received == 0 ? TimeSpan.Zero : journey.Since(journey.Received));

    private static TimeSpan? AudioOf(Journey journey) =>
        (journey.Summary?.AudioDuration ?? journey.Speech?.AudioDuration ?? journey.Live?.Summary?.AudioDuration)?.ToTimeSpan()
        ?? (journey.Live is { } live ? live.Received : null);

    private static RequestWishes? WishesOf(Journey journey)
    {
        var wishes = journey.Wishes?.Clone();
        if (wishes is not null && journey.Plan is { } plan)
        {
            wishes.RequestClass = plan.Class;
        }

        return wishes;
    }

    private static RequestAttempt AttemptOf(JourneyAttempt attempt, Journey journey)
    {
        var begin = journey.Since(attempt.Begin);
        var end = attempt.End == 0 ? journey.Elapsed : journey.Since(attempt.End);
        return new RequestAttempt
        {
            Number = attempt.Number,
            Purpose = attempt.Purpose,
            WorkerId = attempt.WorkerId,
            Model = attempt.Model,
            Reason = attempt.Reason,
            StartOffset = begin.ToDuration(),
            AttemptDuration = (end > begin ? end - begin : TimeSpan.Zero).ToDuration(),
            Outcome = attempt.Outcome,
            Detail = attempt.Detail,
            ResumeOffset = attempt.ResumedFrom > TimeSpan.Zero ? attempt.ResumedFrom.ToDuration() : null,
            Hedge = attempt.Purpose == Purposes.Hedge,
            External = attempt.External,
            Timings = attempt.Timings,
            WorkerVersion = attempt.WorkerVersion,
            ModelRevision = attempt.ModelRevision,
        };
    }

    private static void TellScores(RequestRecord record, Journey journey)
    {
        var picked = journey.Scores.Pick(MostSegments);
        record.SegmentsLeftOutCount = journey.Scores.Count - picked.Count;
        record.Segments.AddRange(picked.Select(score =>
        {
            var segment = new SegmentScores
            {
                Index = score.Index,
                StartOffset = score.Start.ToDuration(),
                SegmentDuration = score.Length.ToDuration(),
                Verdict = score.Verdict,
                Confidence = score.Confidence,
                AverageLogProbability = score.LogProbability,
                NoSpeechProbability = score.NoSpeech,
                CompressionRatio = score.Compression,
                Temperature = score.Temperature,
                TokenCount = score.Tokens,
                LanguageCode = score.Language,
                Text = score.Text,
            };
            if (score.Channel is { } channel)
            {
                segment.Channel = channel;
            }

            return segment;
        }));
    }

    private static void TellResult(RequestRecord record, Journey journey)
    {
        if (journey.Summary is { } summary)
        {
            (record.Timings, record.Work, record.SpeechDuration) = (summary.Timings, summary.Work, summary.SpeechDuration);
            (record.WorkerVersion, record.ModelRevision) = (summary.WorkerVersion, summary.ModelRevision);
            record.LanguageCode = summary.LanguageCode;
            record.LanguageProbabilities.AddRange(summary.LanguageProbabilities);
            record.Warnings.AddRange(summary.Warnings);
        }

        if (journey.Speech is { } speech)
        {
            record.Speech = new SpeechFacts
            {
                CharacterCount = speech.CharacterCount,
                Queued = speech.Queued,
                TimeToFirstAudio = speech.TimeToFirstAudio,
                Total = speech.Total,
            };
        }

        if (journey.Live is { } live)
        {
            record.Live = LiveTeller.Tell(live, journey);
            record.SpeechDuration = live.Summary?.SpeechDuration;
            record.LanguageCode = live.Summary?.LanguageCode ?? "";
            record.Warnings.AddRange(live.Summary?.Warnings ?? []);
        }
        else if (AudioOf(journey) is { } audio && audio > TimeSpan.Zero)
        {
            record.RealTimeFactor = WorkTime(journey) / audio;
        }
    }
}
