using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>A stream that is resumed goes on as it began; what is sent again must say the same.</summary>
internal static class LiveSameness
{
    /// <exception cref="ServiceDefaults.Errors.MeshException">A field differs; the message names it.</exception>
    public static void Check(LiveConfig returning, LiveRequest request)
    {
        var (given, asked) = (returning.Clone(), request.Asked.Clone());
        (given.Resume, asked.Resume) = (null, null);
        if (given.RequestId.Length == 0 || given.RequestId == request.Id)
        {
            (given.RequestId, asked.RequestId) = ("", "");
        }

        foreach (var field in LiveConfig.Descriptor.Fields.InDeclarationOrder())
        {
            if (!Equals(field.Accessor.GetValue(given), field.Accessor.GetValue(asked)))
            {
                throw LiveErrors.OtherConfig(field.Name);
            }
        }
    }
}
