namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>Lets a router call workers in the way that they demand: with a token, over TLS, or both, as section <c>Mesh</c> says.</summary>
public sealed class MeshTrust
{
    private readonly CallToken _tokens;
    private readonly MeshCertificates _certificates;

    internal MeshTrust(CallToken tokens, MeshCertificates certificates) => (_tokens, _certificates) = (tokens, certificates);

    /// <summary>Prepares a handler for calls to one worker; the result owns it.</summary>
    public HttpMessageHandler Apply(SocketsHttpHandler handler, string workerId)
    {
        if (_certificates.AreSet)
        {
            handler.SslOptions = _certificates.ForClient();
        }

        return _tokens.IsNeeded ? new CallTokenHandler(_tokens, workerId, handler) : handler;
    }
}
