using System.Security.Cryptography;

namespace WhisperMesh.Router.Realtime;

/// <summary>Ids in OpenAI's manner.</summary>
internal static class RealtimeIds
{
    private const int RandomBytes = 10;

    public static string Event() => Create("event_");

    public static string Item() => Create("item_");

    public static string Session() => Create("sess_");

    private static string Create(string kind) => kind + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
}
