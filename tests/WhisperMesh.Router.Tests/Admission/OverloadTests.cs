using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Admission;

/// <summary>What is promised under more load than the workers take, and while one of them is slow.</summary>
public sealed class OverloadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // Eight places, a second a request.
    private const double Capacity = 8;

    [Fact]
    public void Arrive_ThreeTimesCapacity_GoodputStaysAboveNineTenthsOfThePeak()
    {
        var peak = Goodput(Capacity);
        var overload = Goodput(3 * Capacity);

        peak.ShouldBeGreaterThan(0.9 * Capacity);
        overload.ShouldBeGreaterThan(0.9 * peak);
    }

    /// <summary>F16: a worker answers ten times slower for a while.</summary>
    [Fact]
    public void Advance_WorkerTenTimesSlower_LimitHalvesInTenSecondsAndRecoversInSixty()
    {
        using var mesh = new SimulatedMesh(new AdmissionOptions(), Leases.Transcription("a", limit: 16));
        Load(mesh, TimeSpan.FromSeconds(20), 12);
        mesh.LimitOf("a").ShouldBe(16);

        mesh.Workers["a"].TimePerAudioSecond *= 10;
        Load(mesh, TimeSpan.FromSeconds(10), 12);
        var slow = mesh.LimitOf("a");
        Load(mesh, TimeSpan.FromSeconds(30), 12);
        mesh.Workers["a"].TimePerAudioSecond /= 10;
        Load(mesh, TimeSpan.FromSeconds(60), 12);

        slow.ShouldBeLessThanOrEqualTo(8);
        mesh.LimitOf("a").ShouldBe(16);
    }

    /// <summary>F16: meanwhile nine in ten live requests are served in time.</summary>
    [Fact]
    public void Advance_OneOfTwoWorkersTenTimesSlower_LiveKeepsNineTenthsOfItsGoodput()
    {
        using var mesh = new SimulatedMesh(
            new AdmissionOptions(), Leases.Transcription("a", limit: 8), Leases.Transcription("b", limit: 8));
        Load(mesh, TimeSpan.FromSeconds(20), 12, liveShare: 0.25);
        mesh.Workers["a"].TimePerAudioSecond *= 10;
        Load(mesh, TimeSpan.FromSeconds(60), 12, liveShare: 0.25);
        mesh.Workers["a"].TimePerAudioSecond /= 10;
        Load(mesh, TimeSpan.FromSeconds(20), 12, liveShare: 0.25);
        mesh.Advance(TimeSpan.FromSeconds(20));

        var live = mesh.Requests.Where(request => request.Entry.Plan.Class == RequestClass.Live).ToList();
        live.Count(request => request.InTime).ShouldBeGreaterThanOrEqualTo((int)(0.9 * live.Count));
    }

    private static double Goodput(double perSecond)
    {
        using var mesh = new SimulatedMesh(
            new AdmissionOptions(), Leases.Transcription("a", limit: 4), Leases.Transcription("b", limit: 4));
        var time = TimeSpan.FromSeconds(40);
        Load(mesh, time, perSecond);
        return mesh.Requests.Count(request => request.InTime) / time.TotalSeconds;
    }

    private static void Load(SimulatedMesh mesh, TimeSpan time, double perSecond, double liveShare = 0)
    {
        var gap = TimeSpan.FromMilliseconds(10 * Math.Max(1, Math.Round(100 / perSecond)));
        var perGap = perSecond * gap.TotalSeconds;
        var (due, live) = (0d, 0d);
        for (var left = time; left > TimeSpan.Zero; left -= gap)
        {
            for (due += perGap; due >= 1; due--)
            {
                live += liveShare;
                var isLive = live >= 1;
                live -= isLive ? 1 : 0;
                mesh.Arrive(requestClass: isLive ? RequestClass.Live : RequestClass.Bulk, patience: Patience);
            }

            mesh.Advance(gap);
        }
    }
}
