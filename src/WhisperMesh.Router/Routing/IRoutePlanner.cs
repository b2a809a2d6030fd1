using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>Says by which route a request goes.</summary>
internal interface IRoutePlanner
{
    /// <param name="origin">Where it came from.</param>
    /// <param name="requirements">What it needs.</param>
    /// <param name="requestClass">The class that it asks for.</param>
    /// <exception cref="ServiceDefaults.Errors.MeshException">The routes refuse it.</exception>
    RoutePlan Plan(RequestOrigin origin, WorkerRequirements requirements, RequestClass requestClass);
}
