using System.Security.Cryptography;
using System.Text;

namespace Aspire.Dashboard.Security;

internal static class Secrets
{
    /// <summary>Compares in a time that depends on neither; hashes make the lengths equal.</summary>
    public static bool AreEqual(string shown, string secret) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
