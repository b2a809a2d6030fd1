using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>
/// Says that a call comes from a router of this mesh: good for one method of one worker, and for a minute. Someone who listens on
/// the wire could use it within that minute, but also sees the audio itself: against that there is TLS.
/// </summary>
internal sealed class CallToken(MeshSecret secret, MeshClock clock)
{
    /// <summary>Header that carries it.</summary>
    public const string Header = "x-whispermesh-token";

    /// <summary>How far the issuer's time may be from the reader's.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private const string Version = "v1";

    public bool IsNeeded => secret.CallKey is not null;

    public string Create(string workerId, string method) => Create(workerId, method, clock.Now.ToUnixTimeSeconds());

    public bool IsValid(string? token, string workerId, string method)
    {
        if (token?.Split('.') is not [Version, var issued, _] || !long.TryParse(issued, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }

        var right = CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Create(workerId, method, seconds)));
        return right && Math.Abs(clock.Now.ToUnixTimeSeconds() - seconds) <= Life.TotalSeconds;
    }

    private string Create(string workerId, string method, long seconds)
    {
        var issued = seconds.ToString(CultureInfo.InvariantCulture);
        var mac = HMACSHA256.HashData(secret.CallKey!, Encoding.UTF8.GetBytes($"{workerId}\n{method}\n{issued}"));
        return $"{Version}.{issued}.{Base64Url.EncodeToString(mac)}";
    }
}
