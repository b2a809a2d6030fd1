using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Explain.Telling;

/// <summary>Says of a choice who else was there, and why each was not taken.</summary>
internal static class ChoiceTeller
{
    private const int MostListed = 32;

    public static WorkerChoice Tell(Choice choice, TimeSpan at)
    {
        var pool = choice.Plan.Pools[Math.Min(choice.PoolIndex, choice.Plan.Pools.Count - 1)];
        var told = new WorkerChoice
        {
            StartOffset = at.ToDuration(),
            Pool = PoolMembers.Describe(pool),
            Policy = choice.Plan.Policy,
            Purpose = choice.Purpose,
            PassedOver = { choice.PassedOver },
        };
        var candidates = choice.Candidates.ToDictionary(candidate => candidate.WorkerId);
        var all = choice.Workers.Where(lease => IsOfKind(choice, lease)).Select(lease => Tell(choice, lease, candidates)).OrderBy(Rank).ToList();
        told.Workers.AddRange(all.Take(MostListed));
        told.LeftOutCount = Math.Max(0, all.Count - MostListed);
        return told;
    }

    // A worker that speaks is no alternative to one that hears.
    private static bool IsOfKind(Choice choice, WorkerLease lease) =>
        lease.Capabilities?.Models.Any(model => model.Model.Kind == choice.Requirements.Kind) == true;

    // The one chosen, those that could have been, and the rest.
    private static int Rank(ConsideredWorker worker) => worker.Chosen ? 0 : worker.PredictedWaitDuration is not null ? 1 : 2;

    private static ConsideredWorker Tell(Choice choice, WorkerLease lease, Dictionary<string, ChoiceCandidate> candidates)
    {
        var worker = new ConsideredWorker { WorkerId = lease.WorkerId, Chosen = lease.WorkerId == choice.ChosenId };
        if (!candidates.TryGetValue(lease.WorkerId, out var candidate))
        {
            worker.Reason = choice.Tried.Contains(lease.WorkerId) ? "was tried before, or is left out on purpose" : WhyUnfit(choice, lease);
            return worker;
        }

        worker.Model = candidate.Model;
        worker.PredictedWaitDuration = TimeSpan.FromSeconds(Math.Min(candidate.LoadSeconds, TimeSpan.FromDays(1).TotalSeconds)).ToDuration();
        (worker.ActiveCount, worker.Limit) = (candidate.Active, candidate.Limit);
        if (candidate.SecondsPerAudioSecond is { } latency)
        {
            worker.SecondsPerAudioSecond = latency;
        }

        worker.Reason = worker.Chosen ? choice.Reason : WhyNot(choice, candidate, candidates);
        return worker;
    }

    /// <summary>Why a worker that can serve was not taken.</summary>
    private static string WhyNot(Choice choice, ChoiceCandidate candidate, Dictionary<string, ChoiceCandidate> all)
    {
        if (!candidate.IsAvailable)
        {
            return candidate.IsEjected ? "ejected after many failures"
                : candidate.IsOpen ? "paused after a failure (circuit open)"
                : "said that it is busy";
        }

        if (choice.ChosenId is null || !all.TryGetValue(choice.ChosenId, out var chosen))
        {
            return "nobody was chosen";
        }

        return candidate.Tier > chosen.Tier ? string.Create(CultureInfo.InvariantCulture, $"of tier {candidate.Tier}, and one of tier {chosen.Tier} was there")
            : candidate.IsFull && !chosen.IsFull ? string.Create(CultureInfo.InvariantCulture, $"full ({candidate.Active} of {candidate.Limit})")
            : chosen.IsDedicated && !candidate.IsDedicated ? "another is dedicated to the language"
            : candidate.LoadSeconds > chosen.LoadSeconds ? string.Create(
                CultureInfo.InvariantCulture, $"would begin later: {candidate.LoadSeconds:0.00} s of work before it against {chosen.LoadSeconds:0.00} s")
            : choice.Plan.Policy == "least-load" ? "equal, and the other's turn"
            : $"not by the policy {choice.Plan.Policy}";
    }

    /// <summary>Why a worker can't serve the request at all.</summary>
    private static string WhyUnfit(Choice choice, WorkerLease lease)
    {
        var pool = choice.Plan.Pools[choice.PoolIndex];
        if (!PoolMembers.Has(pool, choice.Plan, lease))
        {
            return "not of this route's pool";
        }

        if (lease.Load is { Draining: true })
        {
            return "draining";
        }

        if (WorkerMatcher.TryMatch([lease], choice.Requirements, pool, out _, out var failure))
        {
            return choice.Candidates.Count > 0 ? "others fit the request better" : "could not be asked then";
        }

        return failure.Reason switch
        {
            ErrorReasons.ModelNotFound => "does not serve the model " + (pool.Model ?? choice.Requirements.Model),
            ErrorReasons.LanguageNotSupported when lease.Capabilities.DedicatedLanguageCodes.Count > 0 =>
                $"wrong language: it is kept for {string.Join(", ", lease.Capabilities.DedicatedLanguageCodes)}",
            ErrorReasons.LanguageNotSupported => "wrong language: its model does not know it",
            ErrorReasons.FfmpegMissing => "has no ffmpeg for this audio",
            _ => "lacks a feature that the request needs",
        };
    }
}
