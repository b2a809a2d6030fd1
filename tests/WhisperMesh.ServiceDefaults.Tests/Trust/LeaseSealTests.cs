using Google.Protobuf;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Trust;

public sealed class LeaseSealTests
{
    private static readonly WorkerLease Lease = new() { WorkerId = "w1", Address = "http://127.0.0.1:1" };

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(Secrets.One)]
    [InlineData(null)]
    public void WhyRefused_SameSecretOrNone_IsNull(string? secret) =>
        Create(secret).WhyRefused(Create(secret).Close(Lease, 1)).ShouldBeNull();

    [Theory]
    [InlineData(Secrets.One, null, "no seal")]
    [InlineData(Secrets.One, Secrets.Other, "seal is wrong")]
    [InlineData(null, Secrets.One, "no Mesh:Secret")]
    public void WhyRefused_OtherSecret_SaysSo(string? reader, string? writer, string reason) =>
        Create(reader).WhyRefused(Create(writer).Close(Lease, 1)).ShouldNotBeNull().ShouldContain(reason);

    [Fact]
    public void WhyRefused_AnythingChanged_IsWrong()
    {
        var seal = Create(Secrets.One);
        var address = seal.Close(Lease, 1);
        address.Lease = new WorkerLease(Lease) { Address = "http://127.0.0.1:2" }.ToByteString();
        var counter = seal.Close(Lease, 1);
        counter.Counter = 2;
        var time = seal.Close(Lease, 1);
        time.IssueTimeMs++;

        foreach (var changed in new[] { address, counter, time })
        {
            seal.WhyRefused(changed).ShouldNotBeNull().ShouldContain("seal is wrong");
        }
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void WhyRefused_KeptAndPutBackLater_IsTooOld(int seconds, bool isTaken)
    {
        var seal = Create(Secrets.One);
        var closed = seal.Close(Lease, 1);

        _time.Advance(TimeSpan.FromSeconds(seconds));

        (seal.WhyRefused(closed) is null).ShouldBe(isTaken);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void WhyRefused_ImpossibleTime_IsRefused(long time) =>
        Create(null).WhyRefused(new SealedWorkerLease { Lease = Lease.ToByteString(), IssueTimeMs = time }).ShouldNotBeNull();

    private LeaseSeal Create(string? secret) =>
        new(new MeshSecret(Options.Create(new MeshOptions { Secret = secret })), new MeshClock(_time));
}
